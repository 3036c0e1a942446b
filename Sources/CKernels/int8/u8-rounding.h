// How sums become bytes, the same in every ISA: see include/int8.h.
#ifndef U8_ROUNDING_H
#define U8_ROUNDING_H
#include "CKernels.h"
#include "../shared/targets.h"

// A multiplication and an addition round each; a fused one would round once, where there is one.
#pragma STDC FP_CONTRACT OFF

CNN_INLINE float u8_limited(float value, const cnn_u8_rounding *r) {
  value = value > r->low ? value : r->low;
  return value < r->high ? value : r->high;
}

// For |value| < 2²²: adding 1.5 · 2²³ leaves the nearest integer, even in a tie, in the low bits.
CNN_INLINE int32_t u8_nearest(float value) {
  const float shifted = value + 12582912.0f;
  int32_t bits;
  __builtin_memcpy(&bits, &shifted, 4);
  return bits - 0x4B400000;
}

CNN_INLINE uint8_t u8_rounded(float value, const cnn_u8_rounding *r) {
  return (uint8_t)(u8_nearest(u8_limited(value, r)) + r->zero);
}

#endif
