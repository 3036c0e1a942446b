#if defined(__x86_64__)
#include <immintrin.h>

#include "CKernels.h"
#include "targets.h"

CNN_AVX512 float cnn_f32_peak_avx512(int64_t rounds) {
  // Twelve chains hide a latency of four to six cycles on up to two units.
  const __m512 factor = _mm512_set1_ps(0.9999f), term = _mm512_set1_ps(0.0001f);
  __m512 sums[12];
#pragma GCC unroll 12
  for (int i = 0; i < 12; i++) sums[i] = _mm512_set1_ps((float)i);
  for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; i++) sums[i] = _mm512_fmadd_ps(sums[i], factor, term);
  }
#pragma GCC unroll 11
  for (int i = 1; i < 12; i++) sums[0] = _mm512_add_ps(sums[0], sums[i]);
  return _mm512_reduce_add_ps(sums[0]);
}

CNN_AVX512 float cnn_f32_read_avx512(const float *memory, int64_t count) {
  __m512 sums[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) sums[i] = _mm512_setzero_ps();
  for (int64_t first = 0; first + 128 <= count; first += 128) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++)
      sums[i] = _mm512_add_ps(sums[i], _mm512_loadu_ps(memory + first + 16 * i));
  }
#pragma GCC unroll 7
  for (int i = 1; i < 8; i++) sums[0] = _mm512_add_ps(sums[0], sums[i]);
  return _mm512_reduce_add_ps(sums[0]);
}
#endif
