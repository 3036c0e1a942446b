// The end of a result: see cnn_f32_clamp.
#ifndef F32_CLAMP_H
#define F32_CLAMP_H
#include "CKernels.h"
#include "../shared/targets.h"

// No comparison with NaN holds, so that it stays.
CNN_INLINE float clamped(float value, const cnn_f32_clamp clamp) {
  value = value < clamp.lower ? clamp.lower : value;
  return value > clamp.upper ? clamp.upper : value;
}

#endif
