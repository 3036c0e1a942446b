// The gradient by the 3×3 filters of a convolution over few channels, which a network's first is:
// limited by reading the gradient of its result, it takes that in either type and once, with all
// its sums in registers.
#include "CKernels.h"
#include "elements.h"

enum { kernel = 3, most_taps = 27 };

CNN_INLINE CNN_TARGET floats
load(const cnn_f32_shallow_gradient *t, const bool is_bfloat16, int64_t pixel) {
  const int64_t index = pixel * t->pixel_stride;
  return is_bfloat16 ? load_bf16((const uint16_t *)t->slopes + index)
                     : load_f32((const float *)t->slopes + index);
}

CNN_INLINE CNN_TARGET void add(float *sum, floats value) { store_f32(sum, load_f32(sum) + value); }

// One pixel of the result, whose window may hang over the image's edge.
CNN_INLINE CNN_TARGET void add_pixel(
  const cnn_f32_shallow_gradient *t, const bool is_bfloat16, int64_t y, int64_t x) {
  const floats slope = load(t, is_bfloat16, y * t->output_width + x);
  const int64_t top = y * t->stride - t->padding_y, left = x * t->stride - t->padding_x;
  float *sums = t->sums;
  for (int64_t c = 0; c < t->channels; c++)
    for (int64_t row = top; row < top + kernel; row++)
      for (int64_t column = left; column < left + kernel; column++, sums += 16)
        if (row >= 0 && row < t->height && column >= 0 && column < t->width)
          add(sums, slope * t->image[(c * t->height + row) * t->width + column]);
  add(sums, slope);
}

// The pixels [first, end) of a row of the result, whose windows are within the image.
CNN_INLINE CNN_TARGET void add_inner(
  const cnn_f32_shallow_gradient *t, const int channels, const bool is_bfloat16, int64_t y,
  int64_t first, int64_t end) {
  floats taps[most_taps] = {}, slopes = {};
  const float *corner =
    t->image + (y * t->stride - t->padding_y) * t->width + first * t->stride - t->padding_x;
  for (int64_t x = first; x < end; x++, corner += t->stride) {
    const floats slope = load(t, is_bfloat16, y * t->output_width + x);
    slopes += slope;
#pragma clang loop unroll(full)
    for (int c = 0; c < channels; c++)
#pragma clang loop unroll(full)
      for (int row = 0; row < kernel; row++)
#pragma clang loop unroll(full)
        for (int column = 0; column < kernel; column++)
          taps[(c * kernel + row) * kernel + column] +=
            slope * corner[(c * t->height + row) * t->width + column];
  }
#pragma clang loop unroll(full)
  for (int tap = 0; tap < channels * kernel * kernel; tap++) add(t->sums + tap * 16, taps[tap]);
  add(t->sums + channels * kernel * kernel * 16, slopes);
}

// The first place along an axis at which a window is within the image, and the end of these.
CNN_INLINE void find_inner(
  const cnn_f32_shallow_gradient *t, int64_t padding, int64_t size, int64_t count,
  int64_t inner[2]) {
  const int64_t first = (padding + t->stride - 1) / t->stride;
  const int64_t last = size + padding - kernel;
  const int64_t end = last < 0 ? 0 : last / t->stride + 1;
  inner[0] = first < count ? first : count;
  inner[1] = end < inner[0] ? inner[0] : end < count ? end : count;
}

CNN_INLINE CNN_TARGET void add_image(
  const cnn_f32_shallow_gradient *t, const int channels, const bool is_bfloat16) {
  int64_t rows[2], columns[2];
  find_inner(t, t->padding_y, t->height, t->output_height, rows);
  find_inner(t, t->padding_x, t->width, t->output_width, columns);
  for (int64_t y = 0; y < t->output_height; y++) {
    const bool is_inner = y >= rows[0] && y < rows[1] && columns[0] < columns[1];
    const int64_t first = is_inner ? columns[0] : t->output_width;
    for (int64_t x = 0; x < first; x++) add_pixel(t, is_bfloat16, y, x);
    if (!is_inner) continue;
    add_inner(t, channels, is_bfloat16, y, columns[0], columns[1]);
    for (int64_t x = columns[1]; x < t->output_width; x++) add_pixel(t, is_bfloat16, y, x);
  }
}

CNN_INLINE CNN_TARGET void add_channels(const cnn_f32_shallow_gradient *t, const bool is_bfloat16) {
  if (t->channels == 3) add_image(t, 3, is_bfloat16);
  else add_image(t, 1, is_bfloat16);
}

CNN_TARGET void cnn_f32_shallow_gradient_16_wide(const cnn_f32_shallow_gradient *t) {
  for (int64_t i = 0; i < (t->channels * kernel * kernel + 1) * 16; i++) t->sums[i] = 0;
  if (t->is_bfloat16) add_channels(t, true);
  else add_channels(t, false);
}
