#include "f32-clamp.h"
#include "../shared/targets.h"

#if defined(__aarch64__)
#include <arm_neon.h>

// One vector of partial sums for each row and image, in the order of depth: an image's result does
// not depend on how many images share the tile.
enum { lanes = 4, row_tile = 4, image_tile = 4 };

// Up to four floats, the rest zeros.
CNN_INLINE float32x4_t load(const float *from, int64_t count) {
  if (count >= lanes) return vld1q_f32(from);
  float buffer[lanes] = {0};
  for (int64_t j = 0; j < count; j++) buffer[j] = from[j];
  return vld1q_f32(buffer);
}

CNN_INLINE void dot(
  const cnn_f32_dot *t, int64_t row, int64_t image, const int rows, const int images) {
  const float *weights = t->weights + row * t->weight_stride;
  const float *inputs = t->inputs + image * t->input_stride;
  float32x4_t sums[row_tile][image_tile];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) sums[r][i] = vdupq_n_f32(0);
  for (int64_t k = 0; k < t->depth; k += lanes) {
    const int64_t left = t->depth - k;
    float32x4_t x[image_tile];
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) x[i] = load(inputs + i * t->input_stride + k, left);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float32x4_t w = load(weights + r * t->weight_stride + k, left);
#pragma clang loop unroll(full)
      for (int i = 0; i < images; i++) sums[r][i] = vfmaq_f32(sums[r][i], w, x[i]);
    }
  }
  const cnn_f32_clamp clamp = t->clamp;
#pragma clang loop unroll(full)
  for (int i = 0; i < images; i++)
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float sum = vaddvq_f32(sums[r][i]) + t->bias[row + r];
      t->output[(image + i) * t->output_stride + row + r] = clamped(sum, clamp);
    }
}

CNN_INLINE void dots(const cnn_f32_dot *t, int64_t image, const int images) {
  int64_t row = 0;
  for (; row + row_tile <= t->rows; row += row_tile) dot(t, row, image, row_tile, images);
  for (; row < t->rows; row++) dot(t, row, image, 1, images);
}

void cnn_f32_dot_4x4_neon(const cnn_f32_dot *tile) {
  int64_t image = 0;
  for (; image + image_tile <= tile->images; image += image_tile) dots(tile, image, image_tile);
  for (; image < tile->images; image++) dots(tile, image, 1);
}
#endif
