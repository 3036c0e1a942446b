#if defined(__aarch64__)
#include <arm_neon.h>

#include "CKernels.h"

float cnn_f32_peak_neon(int64_t rounds) {
  // Twenty-four chains hide a latency of four cycles on up to four units.
  const float32x4_t factor = vdupq_n_f32(0.9999f), term = vdupq_n_f32(0.0001f);
  float32x4_t sums[24];
#pragma GCC unroll 24
  for (int i = 0; i < 24; i++) sums[i] = vdupq_n_f32((float)i);
  for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 24
    for (int i = 0; i < 24; i++) sums[i] = vfmaq_f32(sums[i], factor, term);
  }
#pragma GCC unroll 23
  for (int i = 1; i < 24; i++) sums[0] = vaddq_f32(sums[0], sums[i]);
  return vaddvq_f32(sums[0]);
}

float cnn_f32_read_neon(const float *memory, int64_t count) {
  float32x4_t sums[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) sums[i] = vdupq_n_f32(0);
  for (int64_t first = 0; first + 32 <= count; first += 32) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) sums[i] = vaddq_f32(sums[i], vld1q_f32(memory + first + 4 * i));
  }
#pragma GCC unroll 7
  for (int i = 1; i < 8; i++) sums[0] = vaddq_f32(sums[0], sums[i]);
  return vaddvq_f32(sums[0]);
}
#endif
