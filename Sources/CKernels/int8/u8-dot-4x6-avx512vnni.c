#if defined(__x86_64__)
#include <immintrin.h>

// 24 sums, four vectors of weights and one of inputs.
#define CNN_ISA avx512vnni
#define CNN_TARGET CNN_AVX512VNNI
#define CNN_TILE 4x6
#define CNN_ROWS 4
#define CNN_IMAGES 6
#define CNN_STEP 64

#include "u8-rounding.h"
typedef __m512i sums, multipliers;

CNN_INLINE CNN_TARGET __m512i load_weights(const int8_t *w, const int64_t count) {
  if (count == CNN_STEP) return _mm512_loadu_si512(w);
  return _mm512_maskz_loadu_epi8(((__mmask64)1 << count) - 1, w);
}
CNN_INLINE CNN_TARGET __m512i load_inputs(const uint8_t *x, const int64_t count) {
  return load_weights((const int8_t *)x, count);
}
CNN_INLINE CNN_TARGET __m512i multiply(__m512i sum, __m512i inputs, __m512i weights) {
  return _mm512_dpbusd_epi32(sum, inputs, weights);
}
CNN_INLINE CNN_TARGET int32_t total(__m512i sum) { return _mm512_reduce_add_epi32(sum); }
#include "u8-dot.h"
#endif
