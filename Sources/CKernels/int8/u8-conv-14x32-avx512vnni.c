#if defined(__x86_64__)
#include <immintrin.h>

#include "u8-rounding.h"

// 28 sums, two vectors of weights and a broadcast pixel fill the 32 registers: a step is 28
// products on 16 loads. vpdpbusd multiplies unsigned by signed bytes and sums four products without
// saturation; the zero point is in the bias.
#define CNN_ISA avx512vnni
#define CNN_TARGET CNN_AVX512VNNI
#define CNN_TILE 14x32
#define CNN_PIXELS 14
#define CNN_VECTORS 2
#define CNN_LANES 16
#define CNN_GROUP 4
#define CNN_CHAINS 12
#define CNN_OPAQUE(vector) __asm__ volatile("" : "+v"(vector))

typedef uint8_t element;
typedef __m512i sums, multipliers;

CNN_INLINE uint8_t convert(uint8_t value) { return value; }
CNN_INLINE CNN_TARGET __m512i start(const int32_t *bias) { return _mm512_loadu_si512(bias); }
CNN_INLINE CNN_TARGET __m512i load_weights(const int8_t *w) { return _mm512_loadu_si512(w); }
CNN_INLINE CNN_TARGET __m512i broadcast(const uint8_t *x) {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return _mm512_set1_epi32(four);
}
CNN_INLINE CNN_TARGET __m512i multiply(__m512i sum, __m512i pixel, __m512i weights) {
  return _mm512_dpbusd_epi32(sum, pixel, weights);
}
#include "u8-finish-avx512.h"
#include "u8-conv.h"
#endif
