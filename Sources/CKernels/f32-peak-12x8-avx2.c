#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"
#include "targets.h"

CNN_INLINE CNN_AVX2 float total(__m256 sums) {
  const __m128 half = _mm_add_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps(sums, 1));
  const __m128 quarter = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(quarter, _mm_movehdup_ps(quarter)));
}

CNN_AVX2 float cnn_f32_peak_avx2(int64_t rounds) {
  // Twelve chains hide a latency of four to five cycles on two units.
  const __m256 factor = _mm256_set1_ps(0.9999f), term = _mm256_set1_ps(0.0001f);
  __m256 sums[12];
#pragma GCC unroll 12
  for (int i = 0; i < 12; i++) sums[i] = _mm256_set1_ps((float)i);
  for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; i++) sums[i] = _mm256_fmadd_ps(sums[i], factor, term);
  }
#pragma GCC unroll 11
  for (int i = 1; i < 12; i++) sums[0] = _mm256_add_ps(sums[0], sums[i]);
  return total(sums[0]);
}

CNN_AVX2 float cnn_f32_read_avx2(const float *memory, int64_t count) {
  __m256 sums[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) sums[i] = _mm256_setzero_ps();
  for (int64_t first = 0; first + 64 <= count; first += 64) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++)
      sums[i] = _mm256_add_ps(sums[i], _mm256_loadu_ps(memory + first + 8 * i));
  }
#pragma GCC unroll 7
  for (int i = 1; i < 8; i++) sums[0] = _mm256_add_ps(sums[0], sums[i]);
  return total(sums[0]);
}
#endif
