// What products of rows by prepared images share in AVX-512, VNNI's and AMX's. A file includes this
// once, with
//   CNN_ISA, CNN_TARGET   as in f32-maps.h,
//   step                  elements of a vector that are multiplied at a time.
#include <immintrin.h>

#include "u8-rounding.h"
#include "u8-store-avx512.h"
#include "../shared/names.h"

// Up to sixteen rows' sums of an image, `[row][32]`, with a bias and a factor each.
CNN_INLINE CNN_TARGET void finish(
  const cnn_u8_dot *t, const int32_t *sums, const int64_t row, const int64_t rows,
  const int64_t image) {
  const __mmask16 mask = rows >= 16 ? 0xFFFF : (__mmask16)((1u << rows) - 1);
  const __m512i column =
    _mm512_setr_epi32(0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 480);
  __m512i sum = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), mask, column, sums, 4);
  sum = _mm512_add_epi32(sum, _mm512_maskz_loadu_epi32(mask, t->bias + row));
  const __m512 scale = _mm512_maskz_loadu_ps(mask, t->rounding.scale + row);
  __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), scale);
  store_values(&t->rounding, value, mask, t->output, t->floats, image * t->output_stride + row);
}

CNN_TARGET void CNN_TILE_NAME(cnn_u8_product_pack_)(const cnn_u8_pack_images *p) {
  const int64_t depth = p->depth, steps = (depth + step - 1) / step;
  __builtin_memset(p->packed, 0, (size_t)(steps * step * 16));
  for (int64_t image = 0; image < p->images; image++) {
    const uint8_t *from = p->inputs + image * p->input_stride;
    uint8_t *to = p->packed + 4 * image;
    int64_t place = 0;
    for (; place + 4 <= depth; place += 4) __builtin_memcpy(to + place * 16, from + place, 4);
    for (int64_t i = place; i < depth; i++) to[place * 16 + i - place] = from[i];
  }
}
