#if defined(__x86_64__)
#include <immintrin.h>

// Eight sums, two vectors of weights, one of inputs and a product; widened to 16 bits, see
// u8-conv-6x16-avx2.c.
#define CNN_ISA avx2
#define CNN_TARGET CNN_AVX2
#define CNN_TILE 2x4
#define CNN_ROWS 2
#define CNN_IMAGES 4
#define CNN_STEP 16

#include "u8-rounding.h"
typedef __m256i sums, multipliers;

CNN_INLINE CNN_TARGET __m128i load(const void *address, const int64_t count) {
  if (count == CNN_STEP) return _mm_loadu_si128((const __m128i *)address);
  __m128i part = _mm_setzero_si128();
  __builtin_memcpy(&part, address, (size_t)count);
  return part;
}
CNN_INLINE CNN_TARGET __m256i load_weights(const int8_t *w, const int64_t count) {
  return _mm256_cvtepi8_epi16(load(w, count));
}
CNN_INLINE CNN_TARGET __m256i load_inputs(const uint8_t *x, const int64_t count) {
  return _mm256_cvtepu8_epi16(load(x, count));
}
CNN_INLINE CNN_TARGET __m256i multiply(__m256i sum, __m256i inputs, __m256i weights) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(inputs, weights));
}
CNN_INLINE CNN_TARGET int32_t total(__m256i sum) {
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
  return _mm_cvtsi128_si32(half);
}
#include "u8-dot.h"
#endif
