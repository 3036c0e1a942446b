#include "f32-clamp.h"
#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

// One vector of partial sums for each row and image, in the order of depth: an image's result does
// not depend on how many images share the tile.
enum { lanes = 16, row_tile = 4, image_tile = 6, ahead = 256 };

// Several groups of images take turns at a part of the depth whose weights and inputs fit half of a
// 32 KiB first-level cache; their sums wait in memory.
enum { block = 512, groups_limit = 8 };

typedef struct {
  int64_t image;
  int images;
  __m512 sums[row_tile][image_tile];
} group;

CNN_INLINE CNN_AVX512 void accumulate(
  const cnn_f32_dot *t, group *g, int64_t row, int64_t start, int64_t end, const int rows,
  const int images) {
  const float *weights = t->weights + row * t->weight_stride;
  const float *inputs = t->inputs + g->image * t->input_stride;
  __m512 sums[row_tile][image_tile];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) sums[r][i] = start ? g->sums[r][i] : _mm512_setzero_ps();
  for (int64_t k = start; k < end; k += lanes) {
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
      if (g->image == 0) _mm_prefetch((const char *)(from + ahead), _MM_HINT_T0);
      const __m512 w = _mm512_maskz_loadu_ps(mask, from);
#pragma clang loop unroll(full)
      for (int i = 0; i < images; i++) sums[r][i] = _mm512_fmadd_ps(w, x[i], sums[r][i]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) g->sums[r][i] = sums[r][i];
}

CNN_INLINE CNN_AVX512 void finish(const cnn_f32_dot *t, const group *g, int64_t row, int rows) {
  const cnn_f32_clamp clamp = t->clamp;
  for (int i = 0; i < g->images; i++)
    for (int r = 0; r < rows; r++) {
      const float sum = _mm512_reduce_add_ps(g->sums[r][i]) + t->bias[row + r];
      t->output[(g->image + i) * t->output_stride + row + r] = clamped(sum, clamp);
    }
}

CNN_INLINE CNN_AVX512 void dot(
  const cnn_f32_dot *t, group *groups, int count, int64_t row, const int rows) {
  const int64_t step = count > 1 ? block : t->depth;
  for (int64_t start = 0; start < t->depth; start += step) {
    const int64_t end = start + step < t->depth ? start + step : t->depth;
    for (group *g = groups; g < groups + count; g++) {
      if (g->images == image_tile) accumulate(t, g, row, start, end, rows, image_tile);
      else if (g->images == 2) accumulate(t, g, row, start, end, rows, 2);
      else accumulate(t, g, row, start, end, rows, 1);
    }
  }
  for (group *g = groups; g < groups + count; g++) finish(t, g, row, rows);
}

CNN_AVX512 void cnn_f32_dot_4x6_avx512(const cnn_f32_dot *tile) {
  int64_t image = 0;
  while (image < tile->images) {
    group groups[groups_limit];
    int count = 0;
    for (; image < tile->images && count < groups_limit; image += groups[count++].images) {
      const int64_t left = tile->images - image;
      groups[count].image = image;
      groups[count].images = left >= image_tile ? image_tile : left >= 2 ? 2 : 1;
    }
    int64_t row = 0;
    for (; row + row_tile <= tile->rows; row += row_tile) dot(tile, groups, count, row, row_tile);
    for (; row < tile->rows; row++) dot(tile, groups, count, row, 1);
  }
}
#endif
