// Sixteen elements of training's feature maps, in float or bfloat16, as floats.
#ifndef TRAIN_ELEMENTS_H
#define TRAIN_ELEMENTS_H

#include "../shared/targets.h"

#define CNN_TARGET CNN_WIDE

typedef float floats __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t words __attribute__((vector_size(64)));
typedef uint16_t halves __attribute__((vector_size(32), aligned(2), may_alias));

CNN_INLINE CNN_TARGET floats load_f32(const float *from) { return *(const floats *)from; }
CNN_INLINE CNN_TARGET void store_f32(float *to, floats value) { *(floats *)to = value; }

CNN_INLINE CNN_TARGET floats load_bf16(const uint16_t *from) {
  return (floats)(__builtin_convertvector(*(const halves *)from, words) << 16);
}

// As `round_to_bf16`.
CNN_INLINE CNN_TARGET void store_bf16(uint16_t *to, floats value) {
  typedef uint32_t bits __attribute__((vector_size(64)));
  const bits x = (bits)value, rounded = (x + 0x7FFF + (x >> 16 & 1)) >> 16, quiet = x >> 16 | 0x40;
  const bits is_nan = (bits)(value != value);
  *(halves *)to = __builtin_convertvector((quiet & is_nan) | (rounded & ~is_nan), halves);
}

#endif
