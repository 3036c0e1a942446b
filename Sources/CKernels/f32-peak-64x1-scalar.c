#include "CKernels.h"

// Vector extensions of the compiler: what its baseline makes of portable code. Vectors of 16 floats
// are cut into the target's own.
typedef float vector __attribute__((vector_size(64)));

float cnn_f32_peak_scalar(int64_t rounds) {
  vector sums[4];
  for (int i = 0; i < 4; i++) sums[i] = (vector){0} + (float)i;
  for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) sums[i] = sums[i] * 0.9999f + 0.0001f;
  }
  const vector sum = sums[0] + sums[1] + sums[2] + sums[3];
  float total = 0;
  for (int i = 0; i < 16; i++) total += sum[i];
  return total;
}

float cnn_f32_read_scalar(const float *memory, int64_t count) {
  vector sums[2] = {{0}, {0}};
  for (int64_t first = 0; first + 32 <= count; first += 32) {
    vector parts[2];
    __builtin_memcpy(parts, memory + first, sizeof parts);
    sums[0] += parts[0];
    sums[1] += parts[1];
  }
  const vector sum = sums[0] + sums[1];
  float total = 0;
  for (int i = 0; i < 16; i++) total += sum[i];
  return total;
}
