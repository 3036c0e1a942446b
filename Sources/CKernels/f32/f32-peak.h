// A core's limits, for every ISA. A file of each ISA includes this once, with
//   CNN_ISA, CNN_TARGET  as in f32-maps.h,
//   CNN_BYTES            the bytes of a vector,
//   CNN_CHAINS           sums that no other waits for, enough to hide a latency on every unit,
//   CNN_READS            vectors that are read at a time.
#include "CKernels.h"
#include "../shared/targets.h"
#include "../shared/names.h"

typedef float vec __attribute__((vector_size(CNN_BYTES)));
typedef float unaligned __attribute__((vector_size(CNN_BYTES), aligned(4), may_alias));

enum { lanes = CNN_BYTES / 4 };

CNN_INLINE CNN_TARGET float total(const vec *sums, const int count) {
  vec sum = sums[0];
#pragma clang loop unroll(full)
  for (int i = 1; i < count; i++) sum += sums[i];
  float result = 0;
  for (int i = 0; i < lanes; i++) result += sum[i];
  return result;
}

CNN_TARGET float CNN_TILE_NAME(cnn_f32_peak_)(int64_t rounds) {
  vec sums[CNN_CHAINS];
#pragma clang loop unroll(full)
  for (int i = 0; i < CNN_CHAINS; i++) sums[i] = (vec){0} + (float)i;
  for (int64_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CNN_CHAINS; i++) sums[i] = sums[i] * 0.9999f + 0.0001f;
  }
  return total(sums, CNN_CHAINS);
}

CNN_TARGET float CNN_TILE_NAME(cnn_f32_peak_read_)(const float *memory, int64_t count) {
  vec sums[CNN_READS];
#pragma clang loop unroll(full)
  for (int i = 0; i < CNN_READS; i++) sums[i] = (vec){0};
  for (int64_t first = 0; first + CNN_READS * lanes <= count; first += CNN_READS * lanes) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CNN_READS; i++) sums[i] += *(const unaligned *)(memory + first + i * lanes);
  }
  return total(sums, CNN_READS);
}
