#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define CNN_ISA avx512
#define CNN_TARGET CNN_AVX512
#define CNN_LANES 16
// 28 sums and two vectors of weights; the tiles' elements are broadcast from memory.
#define CNN_ROWS 14
#define CNN_TILE 14x32

typedef __m512 vec;
typedef float unaligned __attribute__((vector_size(64), aligned(4), may_alias));

CNN_INLINE CNN_AVX512 vec load_part(const float *from, int64_t count) {
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}

CNN_INLINE CNN_AVX512 void store_part(float *to, vec value, int64_t count) {
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), value);
}

CNN_INLINE CNN_AVX512 vec splat(float value) { return _mm512_set1_ps(value); }

// The second operand is what a comparison with NaN gives.
CNN_INLINE CNN_AVX512 vec limit(vec value, vec lower, vec upper) {
  return _mm512_min_ps(upper, _mm512_max_ps(lower, value));
}

#include "f32-winograd.h"
#endif
