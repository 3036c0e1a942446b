// Inner products of int8 rows with uint8 vectors, for every ISA. A file of each ISA includes this
// once, with
//   CNN_ISA, CNN_TARGET, CNN_TILE   as in u8-conv.h,
//   CNN_ROWS, CNN_IMAGES            of a tile,
//   CNN_STEP                        elements at a time,
//   sums, inputs, multipliers       vectors,
// and the functions
//   load_inputs(address, count), load_weights(address, count)   the first `count` ≤ CNN_STEP
//     elements, zeros after them; a constant count of CNN_STEP is a plain load,
//   multiply(sums, inputs, weights), total(sums).
#include "u8-rounding.h"
#include "../shared/names.h"

CNN_INLINE CNN_TARGET void add(
  const cnn_u8_dot *t, const int8_t *weights, const uint8_t *inputs, const int64_t count,
  const int rows, const int images, sums c[CNN_ROWS][CNN_IMAGES]) {
  multipliers w[CNN_ROWS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) w[r] = load_weights(weights + r * t->weight_stride, count);
#pragma clang loop unroll(full)
  for (int i = 0; i < images; i++) {
    const multipliers x = load_inputs(inputs + i * t->input_stride, count);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) c[r][i] = multiply(c[r][i], x, w[r]);
  }
}

CNN_INLINE CNN_TARGET void multiply_rows(
  const cnn_u8_dot *t, const int64_t row, const int rows, const int64_t image, const int images) {
  sums c[CNN_ROWS][CNN_IMAGES];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) c[r][i] = (sums){0};
  const int8_t *w = t->weights + row * t->weight_stride;
  const uint8_t *x = t->inputs + image * t->input_stride;
  int64_t left = t->depth;
  for (; left >= CNN_STEP; left -= CNN_STEP) {
    add(t, w, x, CNN_STEP, rows, images, c);
    w += CNN_STEP;
    x += CNN_STEP;
  }
  if (left > 0) add(t, w, x, left, rows, images, c);
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int i = 0; i < images; i++) {
      const int64_t place = (image + i) * t->output_stride + row + r;
      const uint32_t sum = (uint32_t)total(c[r][i]) + (uint32_t)t->bias[row + r];
      const float value = (float)(int32_t)sum * t->rounding.scale[row + r];
      if (t->floats) t->floats[place] = u8_limited(value, &t->rounding);
      else t->output[place] = u8_rounded(value, &t->rounding);
    }
}

CNN_INLINE CNN_TARGET void multiply_images(const cnn_u8_dot *t, const int64_t row, const int rows) {
  int64_t image = 0;
  for (; image + CNN_IMAGES <= t->images; image += CNN_IMAGES)
    multiply_rows(t, row, rows, image, CNN_IMAGES);
  for (; image + 2 <= t->images && CNN_IMAGES > 2; image += 2)
    multiply_rows(t, row, rows, image, CNN_IMAGES > 2 ? 2 : 1);
  for (; image < t->images; image++) multiply_rows(t, row, rows, image, 1);
}

CNN_TARGET void CNN_TILE_NAME(cnn_u8_dot_)(const cnn_u8_dot *t) {
  int64_t row = 0;
  for (; row + CNN_ROWS <= t->rows; row += CNN_ROWS) multiply_images(t, row, CNN_ROWS);
  for (; row < t->rows; row++) multiply_images(t, row, 1);
}
