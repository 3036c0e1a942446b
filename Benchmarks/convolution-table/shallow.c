// The gradient by the weights over few channels, as ShallowGradient has it.
#include "timing.h"
#include <stdlib.h>

typedef struct {
  shape shape;
  float *images, *sums;
  void *slopes;
  bool is_bfloat16;
} shallow_pass;

static void differentiate_shallow(const void *task) {
  const shallow_pass *p = task;
  shape s = p->shape;
  int blocks = s.outputs / 16, sums = (s.channels * 9 + 1) * 16;
  int64_t plane = (int64_t)s.rows * s.rows * 16 * (p->is_bfloat16 ? 2 : 4);
#pragma omp parallel for
  for (int item = 0; item < batch * blocks; item++) {
    cnn_f32_shallow_gradient task = {
      .image = p->images + (int64_t)item / blocks * s.channels * s.input * s.input,
      .channels = s.channels,
      .height = s.input,
      .width = s.input,
      .stride = s.stride,
      .padding_y = s.padding,
      .padding_x = s.padding,
      .slopes = (char *)p->slopes + item * plane,
      .is_bfloat16 = p->is_bfloat16,
      .pixel_stride = 16,
      .output_height = s.rows,
      .output_width = s.rows,
      .sums = p->sums + (int64_t)item * sums};
    cnn_f32_shallow_gradient_16_wide(&task);
  }
}

double shallow(shape s, bool is_bfloat16) {
  int64_t pixels = (int64_t)batch * s.rows * s.rows;
  shallow_pass p = {
    .shape = s,
    .images = floats(batch * s.channels * (int64_t)s.input * s.input),
    .sums = floats(batch * s.outputs * (s.channels * 9 + 1)),
    .slopes = floats(pixels * s.outputs),
    .is_bfloat16 = is_bfloat16};
  double time = milliseconds(differentiate_shallow, &p);
  free(p.images), free(p.sums), free(p.slopes);
  return time;
}
