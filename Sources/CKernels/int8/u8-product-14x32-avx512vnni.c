#if defined(__x86_64__)
#include <immintrin.h>

// 28 sums, two vectors of images and a broadcast weight fill the registers, as in the convolution
// of this instruction set.
#define CNN_ISA avx512vnni
#define CNN_TILE 14x32
#define CNN_TARGET CNN_AVX512VNNI
enum { step = 4, tile_rows = 14, block_bytes = 64 };
#include "u8-product-avx512.h"

// Elements of the rows that are copied at a time: where they lie, rows may compete for one set of
// the cache.
enum { chunk = 256 };

// Copies a chunk of up to `tile_rows` rows; what is not there becomes zeros.
CNN_INLINE CNN_TARGET void copy_rows(
  const cnn_u8_dot *t, const int64_t row, const int64_t first,
  int8_t to[tile_rows][chunk + block_bytes]) {
  for (int r = 0; r < tile_rows; r++) {
    const int8_t *from = t->weights + (row + r) * t->weight_stride + first;
    for (int64_t i = 0; i < chunk; i += 64) {
      int64_t left = row + r < t->rows ? t->depth - first - i : 0;
      left = left < 0 ? 0 : left < 64 ? left : 64;
      const __mmask64 mask = left == 64 ? ~(__mmask64)0 : ((__mmask64)1 << left) - 1;
      _mm512_storeu_si512(to[r] + i, _mm512_maskz_loadu_epi8(mask, from + i));
      _mm_prefetch((const char *)(from + i + chunk), _MM_HINT_T0);
    }
  }
}

CNN_INLINE CNN_TARGET void multiply(
  const cnn_u8_dot *t, const int64_t row, const uint8_t *x, const int64_t next, const int vectors,
  int32_t sums[tile_rows][32]) {
  __m512i c[tile_rows][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < tile_rows; r++) c[r][0] = c[r][1] = _mm512_setzero_si512();
  int8_t w[tile_rows][chunk + block_bytes];
  for (int64_t first = 0; first < t->depth; first += chunk) {
    copy_rows(t, row, first, w);
    const int64_t left = t->depth - first < chunk ? t->depth - first : chunk;
    for (int64_t i = 0; i < left; i += step) {
      __m512i images[2];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) images[v] = _mm512_loadu_si512(x + v * next);
#pragma clang loop unroll(full)
      for (int r = 0; r < tile_rows; r++) {
        int32_t four;
        __builtin_memcpy(&four, w[r] + i, 4);
        const __m512i weights = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++)
          c[r][v] = _mm512_dpbusd_epi32(c[r][v], images[v], weights);
      }
      x += block_bytes;
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < tile_rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) _mm512_storeu_si512(sums[r] + 16 * v, c[r][v]);
}

CNN_TARGET void cnn_u8_product_14x32_avx512vnni(const cnn_u8_product *arguments) {
  // A copy, which stored bytes cannot be a part of.
  const cnn_u8_dot copy = arguments->dot, *const t = &copy;
  const int64_t next = (t->depth + step - 1) / step * block_bytes;
  int32_t sums[tile_rows][32];
  for (int64_t row = 0; row < t->rows; row += tile_rows)
    for (int64_t image = 0; image < t->images; image += 32) {
      const int64_t left = t->images - image, count = left < 32 ? left : 32;
      const uint8_t *x = arguments->packed + image / 16 * next;
      if (count > 16) multiply(t, row, x, next, 2, sums);
      else multiply(t, row, x, next, 1, sums);
      const int64_t rows = t->rows - row < tile_rows ? t->rows - row : tile_rows;
      for (int64_t i = 0; i < count; i++) finish(t, sums[0] + i, row, rows, image + i);
    }
}
#endif
