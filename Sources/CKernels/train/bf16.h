// One bfloat16, the upper half of a float.
#ifndef BF16_H
#define BF16_H

#include "../shared/targets.h"

// To the nearest, ties to even; NaN stays NaN.
CNN_INLINE uint16_t round_to_bf16(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  // Adding 0x7FFF and the lowest bit that stays carries into it exactly where it must round up.
  const uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
  const uint32_t quiet = bits >> 16 | 0x40;
  return (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
}

CNN_INLINE float widen_bf16(uint16_t half) {
  const uint32_t bits = (uint32_t)half << 16;
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

#endif
