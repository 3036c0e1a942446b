#include "CKernels.h"
#include "targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

// One vector of partial sums for each row and image, in the order of depth: an image's result does
// not depend on how many images share the tile.
enum { lanes = 16, row_tile = 4, image_tile = 6, ahead = 256 };

CNN_INLINE CNN_AVX512 void dot(
  const cnn_f32_dot *t, int64_t row, int64_t image, const int rows, const int images)
{
  const float *weights = t->weights + row * t->weight_stride;
  const float *inputs = t->inputs + image * t->input_stride;
  __m512 sums[row_tile][image_tile];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) sums[r][i] = _mm512_setzero_ps();
  for (int64_t k = 0; k < t->depth; k += lanes) {
    const int64_t left = t->depth - k;
    const __mmask16 mask = left >= lanes ? 0xFFFF : (__mmask16)((1u << left) - 1);
    __m512 x[image_tile];
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++)
      x[i] = _mm512_maskz_loadu_ps(mask, inputs + i * t->input_stride + k);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float *from = weights + r * t->weight_stride + k;
      // A vector is a cache line; prefetching past the end of memory is harmless.
      if (image == 0) _mm_prefetch((const char *)(from + ahead), _MM_HINT_T0);
      const __m512 w = _mm512_maskz_loadu_ps(mask, from);
#pragma clang loop unroll(full)
      for (int i = 0; i < images; i++) sums[r][i] = _mm512_fmadd_ps(w, x[i], sums[r][i]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < images; i++)
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float sum = _mm512_reduce_add_ps(sums[r][i]) + t->bias[row + r];
      t->output[(image + i) * t->output_stride + row + r] = t->relu && sum < 0 ? 0 : sum;
    }
}

CNN_INLINE CNN_AVX512 void dots(const cnn_f32_dot *t, int64_t image, const int images) {
  int64_t row = 0;
  for (; row + row_tile <= t->rows; row += row_tile) dot(t, row, image, row_tile, images);
  for (; row < t->rows; row++) dot(t, row, image, 1, images);
}

CNN_AVX512 void cnn_f32_dot_4x6_avx512(const cnn_f32_dot *tile) {
  int64_t image = 0;
  for (; image + image_tile <= tile->images; image += image_tile) dots(tile, image, image_tile);
  for (; image + 2 <= tile->images; image += 2) dots(tile, image, 2);
  for (; image < tile->images; image++) dots(tile, image, 1);
}
#endif
