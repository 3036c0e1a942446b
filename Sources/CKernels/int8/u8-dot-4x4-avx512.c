#if defined(__x86_64__)
#include <immintrin.h>

// 16 sums, four vectors of weights, one of inputs and a product; widened to 16 bits, see
// u8-conv-12x32-avx512.c.
#define CNN_ISA avx512
#define CNN_TARGET CNN_AVX512
#define CNN_TILE 4x4
#define CNN_ROWS 4
#define CNN_IMAGES 4
#define CNN_STEP 32

#include "u8-rounding.h"
typedef __m512i sums, multipliers;

CNN_INLINE CNN_TARGET __m256i load(const void *address, const int64_t count) {
  if (count == CNN_STEP) return _mm256_loadu_si256((const __m256i *)address);
  return _mm256_maskz_loadu_epi8((__mmask32)(((uint32_t)1 << count) - 1), address);
}
CNN_INLINE CNN_TARGET __m512i load_weights(const int8_t *w, const int64_t count) {
  return _mm512_cvtepi8_epi16(load(w, count));
}
CNN_INLINE CNN_TARGET __m512i load_inputs(const uint8_t *x, const int64_t count) {
  return _mm512_cvtepu8_epi16(load(x, count));
}
CNN_INLINE CNN_TARGET __m512i multiply(__m512i sum, __m512i inputs, __m512i weights) {
  return _mm512_add_epi32(sum, _mm512_madd_epi16(inputs, weights));
}
CNN_INLINE CNN_TARGET int32_t total(__m512i sum) { return _mm512_reduce_add_epi32(sum); }
#include "u8-dot.h"
#endif
