#include "CKernels.h"

int64_t cnn_f32_pool_scratch(const cnn_f32_pool *p) {
  const int64_t windows = (p->output_width - 1) * p->stride_x + p->kernel_x;
  const int64_t row = p->padding_x + p->width;
  return windows > row ? windows : row;
}
