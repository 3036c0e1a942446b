#if defined(__x86_64__)
#include <immintrin.h>

#include "u8-rounding.h"

// Without VNNI. vpmaddubsw would sum two products of unsigned by signed bytes in 16 bits and
// saturate (255 · 127 · 2 does not fit): instead both operands are widened to 16 bits, pixels when
// the border is made and weights when they are loaded, and vpmaddwd sums two products in 32 bits,
// exactly.
#define CNN_ISA avx512
#define CNN_TARGET CNN_AVX512
#define CNN_TILE 12x32
#define CNN_PIXELS 12
#define CNN_VECTORS 2
#define CNN_LANES 16
#define CNN_GROUP 2
#define CNN_CHAINS 12
#define CNN_OPAQUE(vector) __asm__ volatile("" : "+v"(vector))

typedef int16_t element;
typedef __m512i sums, multipliers;

CNN_INLINE int16_t convert(uint8_t value) { return value; }
CNN_INLINE CNN_TARGET __m512i start(const int32_t *bias) { return _mm512_loadu_si512(bias); }
CNN_INLINE CNN_TARGET __m512i load_weights(const int8_t *w) {
  return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)w));
}
CNN_INLINE CNN_TARGET __m512i broadcast(const int16_t *x) {
  int32_t two;
  __builtin_memcpy(&two, x, 4);
  return _mm512_set1_epi32(two);
}
CNN_INLINE CNN_TARGET __m512i multiply(__m512i sum, __m512i pixel, __m512i weights) {
  return _mm512_add_epi32(sum, _mm512_madd_epi16(pixel, weights));
}
#include "u8-finish-avx512.h"
#include "u8-conv.h"
#endif
