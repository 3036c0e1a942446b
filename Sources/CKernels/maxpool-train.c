// Training's maximum over windows, and its gradient: every element is written once, in the layouts that
// oneDNN's convolutions have.
#include "CKernels.h"
#include "train-elements.h"

#define CNN_JOIN2(a, b) a##b
#define CNN_JOIN(a, b) CNN_JOIN2(a, b)

typedef uint8_t places __attribute__((vector_size(16), aligned(1), may_alias));
// Elements as integers, to be masked.
typedef int32_t bit_f32;
typedef int16_t bit_bf16;
typedef bit_f32 bits_f32 __attribute__((vector_size(64), aligned(4), may_alias));
typedef bit_bf16 bits_bf16 __attribute__((vector_size(32), aligned(2), may_alias));

// Which places [first, end) of a window that starts at `from` lie on the axis.
CNN_INLINE void clip(int64_t from, int64_t kernel, int64_t size, int64_t range[2]) {
  range[0] = from < 0 ? -from : 0;
  range[1] = from + kernel > size ? size - from : kernel;
}

// The windows [first, end) along an axis that have a place of the padded input.
CNN_INLINE void find_windows(
  int64_t place, int64_t kernel, int64_t stride, int64_t count, int64_t windows[2])
{
  windows[0] = place < kernel ? 0 : (place - kernel) / stride + 1;
  const int64_t last = place / stride;
  windows[1] = last < count ? last + 1 : count;
}

// Whether windows touch without overlap, and cover a map and nothing else.
CNN_INLINE int tiles_map(const cnn_maxpool *t) {
  return t->padding_y == 0 && t->padding_x == 0 && t->stride_y == t->kernel_y && t->stride_x == t->kernel_x
    && t->output_height * t->kernel_y == t->height && t->output_width * t->kernel_x == t->width;
}

#define CNN_TYPE f32
#define element float
#include "maxpool-train.h"

#define CNN_TYPE bf16
#define element uint16_t
#include "maxpool-train.h"
