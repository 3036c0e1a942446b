#if defined(__aarch64__)
#include <arm_neon.h>

// 16 sums, four vectors of weights and one of inputs. The dot product multiplies signed by signed
// bytes: inputs are taken less 128, which each row's own sum, computed along, makes up for.
#define CNN_ISA neon
#define CNN_TARGET CNN_NEONDOT
#define CNN_TILE 4x4
#define CNN_ROWS 4
#define CNN_IMAGES 4
#define CNN_STEP 16

#include "u8-rounding.h"
typedef int32x4_t sums;
typedef int8x16_t multipliers;

CNN_INLINE CNN_TARGET int8x16_t load_weights(const int8_t *w, const int64_t count) {
  if (count == CNN_STEP) return vld1q_s8(w);
  int8_t part[CNN_STEP] = {0};
  __builtin_memcpy(part, w, (size_t)count);
  return vld1q_s8(part);
}
CNN_INLINE CNN_TARGET int8x16_t load_inputs(const uint8_t *x, const int64_t count) {
  return load_weights((const int8_t *)x, count);
}
// x · w = (x - 128) · w + 64 · w + 64 · w, for bytes.
CNN_INLINE CNN_TARGET int32x4_t multiply(int32x4_t sum, int8x16_t inputs, int8x16_t weights) {
  const int8x16_t half = vdupq_n_s8(64);
  const int8x16_t less = veorq_s8(inputs, vdupq_n_s8(-128));
  return vdotq_s32(vdotq_s32(vdotq_s32(sum, less, weights), half, weights), half, weights);
}
CNN_INLINE CNN_TARGET int32_t total(int32x4_t sum) { return vaddvq_s32(sum); }
#include "u8-dot.h"
#endif
