// Training's maximum over windows, and its gradient: every element is written once, in the layouts that
// oneDNN's convolutions have.
#include "CKernels.h"
#include "targets.h"

#define CNN_TARGET CNN_WIDE

#define CNN_JOIN2(a, b) a##b
#define CNN_JOIN(a, b) CNN_JOIN2(a, b)

typedef float floats __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t words __attribute__((vector_size(64)));
typedef uint16_t halves __attribute__((vector_size(32), aligned(2), may_alias));
typedef uint8_t places __attribute__((vector_size(16), aligned(1), may_alias));

CNN_INLINE CNN_TARGET floats load_f32(const float *from) { return *(const floats *)from; }
CNN_INLINE CNN_TARGET void store_f32(float *to, floats value) { *(floats *)to = value; }

CNN_INLINE CNN_TARGET floats load_bf16(const uint16_t *from) {
  return (floats)(__builtin_convertvector(*(const halves *)from, words) << 16);
}

// To the nearest, ties to even; NaN stays NaN.
CNN_INLINE CNN_TARGET void store_bf16(uint16_t *to, floats value) {
  typedef uint32_t bits __attribute__((vector_size(64)));
  const bits x = (bits)value, rounded = (x + 0x7FFF + (x >> 16 & 1)) >> 16, quiet = x >> 16 | 0x40;
  const bits is_nan = (bits)(value != value);
  *(halves *)to = __builtin_convertvector((quiet & is_nan) | (rounded & ~is_nan), halves);
}

// The windows [first, end) along an axis that have a place of the padded input.
CNN_INLINE void find_windows(
  int64_t place, int64_t kernel, int64_t stride, int64_t count, int64_t windows[2])
{
  windows[0] = place < kernel ? 0 : (place - kernel) / stride + 1;
  const int64_t last = place / stride;
  windows[1] = last < count ? last + 1 : count;
}

#define CNN_TYPE f32
#define element float
#include "maxpool-train.h"

#define CNN_TYPE bf16
#define element uint16_t
#include "maxpool-train.h"
