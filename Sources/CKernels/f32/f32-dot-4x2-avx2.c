#include "f32-clamp.h"
#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

// One vector of partial sums for each row and image, in the order of depth: an image's result does
// not depend on how many images share the tile.
enum { lanes = 8, row_tile = 4, image_tile = 2, ahead = 256 };

CNN_INLINE CNN_AVX2 float sum_of_lanes(__m256 v) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

CNN_INLINE CNN_AVX2 void dot(
  const cnn_f32_dot *t, int64_t row, int64_t image, const int rows, const int images) {
  const float *weights = t->weights + row * t->weight_stride;
  const float *inputs = t->inputs + image * t->input_stride;
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  __m256 sums[row_tile][image_tile];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) sums[r][i] = _mm256_setzero_ps();
  for (int64_t k = 0; k < t->depth; k += lanes) {
    const int64_t left = t->depth - k;
    const __m256i mask =
      _mm256_cmpgt_epi32(_mm256_set1_epi32(left > lanes ? lanes : (int)left), index);
    __m256 x[image_tile];
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++)
      x[i] = _mm256_maskload_ps(inputs + i * t->input_stride + k, mask);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float *from = weights + r * t->weight_stride + k;
      // Prefetching past the end of memory is harmless.
      if (image == 0) _mm_prefetch((const char *)(from + ahead), _MM_HINT_T0);
      const __m256 w = _mm256_maskload_ps(from, mask);
#pragma clang loop unroll(full)
      for (int i = 0; i < images; i++) sums[r][i] = _mm256_fmadd_ps(w, x[i], sums[r][i]);
    }
  }
  const cnn_f32_clamp clamp = t->clamp;
#pragma clang loop unroll(full)
  for (int i = 0; i < images; i++)
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float sum = sum_of_lanes(sums[r][i]) + t->bias[row + r];
      t->output[(image + i) * t->output_stride + row + r] = clamped(sum, clamp);
    }
}

CNN_INLINE CNN_AVX2 void dots(const cnn_f32_dot *t, int64_t image, const int images) {
  int64_t row = 0;
  for (; row + row_tile <= t->rows; row += row_tile) dot(t, row, image, row_tile, images);
  for (; row < t->rows; row++) dot(t, row, image, 1, images);
}

CNN_AVX2 void cnn_f32_dot_4x2_avx2(const cnn_f32_dot *tile) {
  int64_t image = 0;
  for (; image + image_tile <= tile->images; image += image_tile) dots(tile, image, image_tile);
  for (; image < tile->images; image++) dots(tile, image, 1);
}
#endif
