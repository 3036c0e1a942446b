// What a compiler vectorises well over uint8 activations: conversions, sums, scales and poolings,
// in builtins rather than <math.h>. A file of each ISA includes this once, with CNN_ISA and
// CNN_TARGET as in f32-maps.h. Layouts and rounding are those of include/int8.h. Each function
// works on a copy of its arguments: bytes that are stored might otherwise be those of a bound, and
// no loop would be a vector's.
#include "u8-rounding.h"
#include "../shared/names.h"

CNN_TARGET void CNN_NAME(cnn_u8_maps_quantize_)(const cnn_u8_map *arguments) {
  const cnn_u8_map copy = *arguments, *const m = &copy;
  const cnn_u8_rounding rounding = m->rounding;
  const float divisor = m->scale;
  for (int64_t c = 0; c < m->channels; c++) {
    const float *from = m->floats + c * m->plane_stride;
    uint8_t *to = m->output + c;
    if (m->output_stride == 1)
      for (int64_t p = 0; p < m->pixels; p++) to[p] = u8_rounded(from[p] / divisor, &rounding);
    else
      for (int64_t p = 0; p < m->pixels; p++)
        to[p * m->output_stride] = u8_rounded(from[p] / divisor, &rounding);
  }
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_dequantize_)(const cnn_u8_map *arguments) {
  const cnn_u8_map copy = *arguments, *const m = &copy;
  for (int64_t c = 0; c < m->channels; c++)
    for (int64_t p = 0; p < m->pixels; p++)
      m->planes[c * m->plane_stride + p] =
        (float)(m->input[p * m->input_stride + c] - m->input_zero) * m->scale;
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_planes_)(const cnn_u8_map *arguments) {
  const cnn_u8_map copy = *arguments, *const m = &copy;
  for (int64_t c = 0; c < m->channels; c++)
    for (int64_t p = 0; p < m->pixels; p++)
      m->planes[c * m->plane_stride + p] = m->floats[p * m->input_stride + c];
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_transpose_)(const cnn_u8_map *arguments) {
  const cnn_u8_map copy = *arguments, *const m = &copy;
  for (int64_t c = 0; c < m->channels; c++)
    for (int64_t p = 0; p < m->pixels; p++)
      m->output[c * m->plane_stride + p] = m->input[p * m->input_stride + c];
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_lookup_)(const cnn_u8_map *arguments) {
  const cnn_u8_map copy = *arguments, *const m = &copy;
  for (int64_t p = 0; p < m->pixels; p++)
    for (int64_t c = 0; c < m->channels; c++)
      m->output[p * m->output_stride + c] = m->table[m->input[p * m->input_stride + c]];
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_scale_)(const cnn_u8_map *arguments) {
  const cnn_u8_map copy = *arguments, *const m = &copy;
  const cnn_u8_rounding rounding = m->rounding;
  for (int64_t p = 0; p < m->pixels; p++) {
    const uint8_t *from = m->input + p * m->input_stride;
    uint8_t *to = m->output + p * m->output_stride;
    for (int64_t c = 0; c < m->channels; c++) {
      const float product = (float)(from[c] - m->input_zero) * m->factors[c];
      to[c] = u8_rounded(product + m->shifts[c], &rounding);
    }
  }
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_add_)(const cnn_u8_add *arguments) {
  const cnn_u8_add copy = *arguments, *const a = &copy;
  enum { block = 64 };
  const cnn_u8_rounding rounding = a->rounding;
  for (int64_t first = 0; first < a->elements; first += block) {
    const int64_t count = a->elements - first < block ? a->elements - first : block;
    float sum[block];
    for (int64_t i = 0; i < a->count; i++) {
      const uint8_t *from = a->inputs[i] + first;
      const float scale = a->scales[i];
      const int32_t zero = a->zeros[i];
      if (i == 0)
        for (int64_t j = 0; j < count; j++) sum[j] = (float)(from[j] - zero) * scale;
      else
        for (int64_t j = 0; j < count; j++) {
          const float term = (float)(from[j] - zero) * scale;
          sum[j] = sum[j] + term;
        }
    }
    for (int64_t j = 0; j < count; j++) a->output[first + j] = u8_rounded(sum[j], &rounding);
  }
}

// A constant count stays in registers.
CNN_INLINE CNN_TARGET void maximum_block(
  const cnn_u8_window *w, const int64_t first, const int64_t count) {
  uint8_t best[64] = {0};
  for (int64_t y = 0; y < w->rows; y++)
    for (int64_t x = 0; x < w->columns; x++) {
      const uint8_t *from = w->input + y * w->row_stride + x * w->channels + first;
      for (int64_t i = 0; i < count; i++) best[i] = from[i] > best[i] ? from[i] : best[i];
    }
  for (int64_t i = 0; i < count; i++) w->output[first + i] = best[i];
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_maximum_)(const cnn_u8_window *arguments) {
  const cnn_u8_window copy = *arguments, *const w = &copy;
  int64_t first = 0;
  for (; first + 64 <= w->channels; first += 64) maximum_block(w, first, 64);
  if (first + 32 <= w->channels) {
    maximum_block(w, first, 32);
    first += 32;
  }
  if (first + 16 <= w->channels) {
    maximum_block(w, first, 16);
    first += 16;
  }
  if (first < w->channels) maximum_block(w, first, w->channels - first);
}

CNN_TARGET void CNN_NAME(cnn_u8_maps_average_)(const cnn_u8_window *arguments) {
  const cnn_u8_window copy = *arguments, *const w = &copy;
  const cnn_u8_rounding rounding = w->rounding;
  const int32_t start = -(int32_t)(w->rows * w->columns) * w->input_zero;
  for (int64_t c = 0; c < w->channels; c++) w->scratch[c] = start;
  for (int64_t y = 0; y < w->rows; y++)
    for (int64_t x = 0; x < w->columns; x++) {
      const uint8_t *from = w->input + y * w->row_stride + x * w->channels;
      for (int64_t c = 0; c < w->channels; c++) w->scratch[c] += from[c];
    }
  for (int64_t c = 0; c < w->channels; c++)
    w->output[c] = u8_rounded((float)w->scratch[c] * w->scale, &rounding);
}
