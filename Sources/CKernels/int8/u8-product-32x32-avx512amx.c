#if defined(__x86_64__)
#include "amx.h"

// Sixteen images' four elements are a row of 64 bytes, and sixteen rows a tile.
#define CNN_ISA avx512amx
#define CNN_TILE 32x32
#define CNN_TARGET CNN_AVX512AMX
enum { step = 64, tile_bytes = 16 * step, ahead = 256 };
#include "u8-product-avx512.h"

CNN_INLINE CNN_TARGET void add(
  const int8_t *w, const int64_t stride, const uint8_t *x, const int64_t next, const bool tall,
  const bool wide) {
  _tile_loadd(6, x, 64);
  _tile_loadd(4, w, stride);
  _tile_dpbsud(0, 4, 6);
  if (wide) _tile_loadd(7, x + next, 64);
  if (wide) _tile_dpbsud(1, 4, 7);
  if (tall) _tile_loadd(5, w + 16 * stride, stride);
  if (tall) _tile_dpbsud(2, 5, 6);
  if (tall && wide) _tile_dpbsud(3, 5, 7);
}

// Sums of up to 32 rows of weights, where they lie, by up to 32 images, `next` bytes between their
// halves.
CNN_INLINE CNN_TARGET void multiply(
  const cnn_u8_dot *t, const int8_t *w, const uint8_t *x, const int64_t rows, const int64_t next,
  const bool tall, const bool wide) {
  zero_sums();
  const int64_t stride = t->weight_stride;
  int64_t left = t->depth;
  for (; left >= step; left -= step) {
    for (int64_t row = 0; row < rows; row++)
      _mm_prefetch((const char *)(w + row * stride + ahead), _MM_HINT_T0);
    add(w, stride, x, next, tall, wide);
    w += step;
    x += tile_bytes;
  }
  if (left == 0) return;
  // The last elements, which a tile would reach past.
  int8_t last[32][step] __attribute__((aligned(64)));
  const __mmask64 mask = ((__mmask64)1 << left) - 1;
  for (int64_t row = 0; row < rows; row++)
    _mm512_store_si512(last[row], _mm512_maskz_loadu_epi8(mask, w + row * stride));
  add(last[0], step, x, next, tall, wide);
}

CNN_INLINE CNN_TARGET void multiply_tile(
  const cnn_u8_product *p, const int64_t row, const int64_t image) {
  const cnn_u8_dot *t = &p->dot;
  const int64_t rows = t->rows - row < 32 ? t->rows - row : 32;
  const int64_t images = t->images - image < 32 ? t->images - image : 32;
  const bool tall = rows > 16, wide = images > 16;
  const int64_t next = (t->depth + step - 1) / step * tile_bytes;
  const int8_t *w = t->weights + row * t->weight_stride;
  const uint8_t *x = p->packed + image / 16 * next;
  int32_t sums[32][32] __attribute__((aligned(64)));
  shape_tiles(tall ? 16 : rows, tall ? rows - 16 : 0);
  if (tall && wide) multiply(t, w, x, rows, next, true, true);
  else if (tall) multiply(t, w, x, rows, next, true, false);
  else if (wide) multiply(t, w, x, rows, next, false, true);
  else multiply(t, w, x, rows, next, false, false);
  store_sums(sums, tall, wide);
  _tile_release();
  for (int64_t i = 0; i < images; i++)
    for (int64_t r = 0; r < rows; r += 16) finish(t, &sums[r][i], row + r, rows - r, image + i);
}

CNN_TARGET void cnn_u8_product_32x32_avx512amx(const cnn_u8_product *p) {
  for (int64_t row = 0; row < p->dot.rows; row += 32)
    for (int64_t image = 0; image < p->dot.images; image += 32) multiply_tile(p, row, image);
}
#endif
