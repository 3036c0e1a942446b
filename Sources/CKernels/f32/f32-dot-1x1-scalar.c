#include "f32-clamp.h"

// Eight partial sums, so that the error grows with depth / 8; a compiler may put them in vectors.
enum { lanes = 8 };

static float dot(const float *weights, const float *inputs, int64_t depth) {
  float sums[lanes] = {0};
  int64_t k = 0;
  for (; k + lanes <= depth; k += lanes)
    for (int lane = 0; lane < lanes; lane++) sums[lane] += weights[k + lane] * inputs[k + lane];
  for (; k < depth; k++) sums[k % lanes] += weights[k] * inputs[k];
  float sum = 0;
  for (int lane = 0; lane < lanes; lane++) sum += sums[lane];
  return sum;
}

void cnn_f32_dot_1x1_scalar(const cnn_f32_dot *t) {
  const cnn_f32_clamp clamp = t->clamp;
  for (int64_t row = 0; row < t->rows; row++)
    for (int64_t image = 0; image < t->images; image++) {
      const float sum =
        dot(t->weights + row * t->weight_stride, t->inputs + image * t->input_stride, t->depth)
        + t->bias[row];
      t->output[image * t->output_stride + row] = clamped(sum, clamp);
    }
}
