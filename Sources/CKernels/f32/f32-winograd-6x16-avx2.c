#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define CNN_ISA avx2
#define CNN_TARGET CNN_AVX2
#define CNN_LANES 8
// 12 sums, two vectors of weights and a broadcast element: 15 of 16 registers.
#define CNN_ROWS 6
#define CNN_TILE 6x16

typedef __m256 vec;
typedef float unaligned __attribute__((vector_size(32), aligned(4), may_alias));

CNN_INLINE CNN_AVX2 __m256i first(int64_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
}

CNN_INLINE CNN_AVX2 vec load_part(const float *from, int64_t count) {
  return _mm256_maskload_ps(from, first(count));
}

CNN_INLINE CNN_AVX2 void store_part(float *to, vec value, int64_t count) {
  _mm256_maskstore_ps(to, first(count), value);
}

CNN_INLINE CNN_AVX2 vec splat(float value) { return _mm256_set1_ps(value); }

// The second operand is what a comparison with NaN gives.
CNN_INLINE CNN_AVX2 vec limit(vec value, vec lower, vec upper) {
  return _mm256_min_ps(upper, _mm256_max_ps(lower, value));
}

#include "f32-winograd.h"
#endif
