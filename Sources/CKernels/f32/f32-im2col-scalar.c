#include "CKernels.h"

void cnn_f32_im2col_scalar(const cnn_f32_im2col *t) {
  const int64_t taps = t->last_tap - t->first_tap;
  for (int64_t tap = t->first_tap; tap < t->last_tap; tap++) {
    const int64_t dy = tap / t->kernel_width * t->dilation_y - t->padding_y;
    const int64_t dx = tap % t->kernel_width * t->dilation_x - t->padding_x;
    for (int64_t j = 0; j < t->row_stride; j++) {
      const int64_t pixel = t->first_pixel + j;
      const int64_t y = pixel / t->output_width * t->stride_y + dy;
      const int64_t x = pixel % t->output_width * t->stride_x + dx;
      const bool inside = j < t->columns && y >= 0 && y < t->height && x >= 0 && x < t->width;
      float *to = t->output + (tap - t->first_tap) * t->row_stride + j;
      const int64_t step = taps * t->row_stride;
      if (!inside) {
        for (int64_t c = 0; c < t->channels; c++) to[c * step] = 0;
        continue;
      }
      const float *from = t->input + y * t->width + x;
      for (int64_t c = 0; c < t->channels; c++) to[c * step] = from[c * t->channel_stride];
    }
  }
}
