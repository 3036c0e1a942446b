#include "../shared/targets.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define CNN_ISA neon
#define CNN_TARGET
#define CNN_LANES 4
// 24 sums, two vectors of weights and the tiles' elements.
#define CNN_ROWS 12
#define CNN_TILE 12x8

typedef float32x4_t vec;
typedef float unaligned __attribute__((vector_size(16), aligned(4), may_alias));

CNN_INLINE vec load_part(const float *from, int64_t count) {
  vec value = vdupq_n_f32(0);
  for (int64_t i = 0; i < count; i++) value[i] = from[i];
  return value;
}

CNN_INLINE void store_part(float *to, vec value, int64_t count) {
  for (int64_t i = 0; i < count; i++) to[i] = value[i];
}

CNN_INLINE vec splat(float value) { return vdupq_n_f32(value); }

CNN_INLINE vec limit(vec value, vec lower, vec upper) {
  return vminq_f32(vmaxq_f32(value, lower), upper);
}

#include "f32-winograd.h"
#endif
