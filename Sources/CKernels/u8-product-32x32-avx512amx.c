#if defined(__x86_64__)
#include "amx.h"
#include "u8-rounding.h"

#define CNN_TARGET CNN_AVX512AMX

// Sixteen images' four elements of a step are a row of 64 bytes, and sixteen rows a tile.
enum { step = 64, tile_bytes = 16 * 64, ahead = 256 };

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
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
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

// Sixteen rows' sums of an image, with a bias and a factor each.
CNN_INLINE CNN_TARGET void finish(
  const cnn_u8_dot *t, const int32_t *sums, const int64_t row, const int64_t image) {
  const int64_t left = t->rows - row;
  const __mmask16 mask = left >= 16 ? 0xFFFF : (__mmask16)((1u << left) - 1);
  const __m512i column = _mm512_setr_epi32(
    0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 480);
  __m512i sum = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), mask, column, sums, 4);
  sum = _mm512_add_epi32(sum, _mm512_maskz_loadu_epi32(mask, t->bias + row));
  const __m512 scale = _mm512_maskz_loadu_ps(mask, t->rounding.scale + row);
  __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), scale);
  value = _mm512_max_ps(value, _mm512_set1_ps(t->rounding.low));
  value = _mm512_min_ps(value, _mm512_set1_ps(t->rounding.high));
  const int64_t place = image * t->output_stride + row;
  if (t->floats) return _mm512_mask_storeu_ps(t->floats + place, mask, value);
  const __m512i rounded =
    _mm512_add_epi32(_mm512_cvtps_epi32(value), _mm512_set1_epi32(t->rounding.zero));
  _mm_mask_storeu_epi8(t->output + place, mask, _mm512_cvtepi32_epi8(rounded));
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
  _tile_stored(0, sums[0], sizeof sums[0]);
  if (wide) _tile_stored(1, sums[0] + 16, sizeof sums[0]);
  if (tall) _tile_stored(2, sums[16], sizeof sums[0]);
  if (tall && wide) _tile_stored(3, sums[16] + 16, sizeof sums[0]);
  _tile_release();
  for (int64_t i = 0; i < images; i++)
    for (int64_t r = 0; r < rows; r += 16) finish(t, &sums[r][i], row + r, image + i);
}

CNN_TARGET void cnn_u8_product_32x32_avx512amx(const cnn_u8_product *p) {
  for (int64_t row = 0; row < p->dot.rows; row += 32)
    for (int64_t image = 0; image < p->dot.images; image += 32) multiply_tile(p, row, image);
}

CNN_TARGET void cnn_u8_pack_images_avx512amx(const cnn_u8_pack_images *p) {
  const int64_t depth = p->depth, steps = (depth + step - 1) / step;
  __builtin_memset(p->packed, 0, (size_t)(steps * tile_bytes));
  for (int64_t image = 0; image < p->images; image++) {
    const uint8_t *from = p->inputs + image * p->input_stride;
    uint8_t *to = p->packed + 4 * image;
    int64_t place = 0;
    for (; place + 4 <= depth; place += 4) __builtin_memcpy(to + place * 16, from + place, 4);
    for (int64_t i = place; i < depth; i++) to[place * 16 + i - place] = from[i];
  }
}
#endif
