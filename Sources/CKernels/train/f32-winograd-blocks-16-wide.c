// F(4 × 4, 5 × 5), F(6 × 6, 3 × 3) and their gradients over 16 channels at a time of training's
// feature maps (Lavin & Gray 2016): the transforms around products that are computed elsewhere.
#include "CKernels.h"
#include "elements.h"

typedef float vec __attribute__((vector_size(64)));
typedef int bits __attribute__((vector_size(64)));
typedef floats unaligned;

#include "../shared/f32-winograd-transforms.h"

// The window: α = m + r − 1.
enum { lanes = 16, window = 8 };

CNN_INLINE CNN_TARGET vec choose(bits condition, vec yes, vec no) {
  return (vec)(((bits)yes & condition) | ((bits)no & ~condition));
}

// No comparison with NaN holds, so that it stays.
CNN_INLINE CNN_TARGET vec limit(vec value, vec lower, vec upper) {
  value = choose(value < lower, lower, value);
  return choose(value > upper, upper, value);
}

// The polynomial with `count` coefficients at the points, ∞ giving the last: the transpose of
// `transform_output`.
CNN_INLINE CNN_TARGET void evaluate(const int count, vec v[largest], const vec c[largest]) {
  const float squares[3] = {1, 4, 0.25f}, points[3] = {1, 2, 0.5f};
  v[0] = c[0];
#pragma clang loop unroll(full)
  for (int p = 0; p < 3; p++) {
    vec even = c[0], odd = c[1];
    float power = 1;
#pragma clang loop unroll(full)
    for (int i = 2; i < count; i += 2) {
      power *= squares[p];
      even += power * c[i];
      if (i + 1 < count) odd += power * c[i + 1];
    }
    odd *= points[p];
    v[2 * p + 1] = even + odd;
    v[2 * p + 2] = even - odd;
  }
  v[window - 1] = c[count - 1];
}

// 1 / ∏ (p − q) over the other points q: a factor of the input's transform that the filters' takes.
static const float scales[window] = {
  -1, -2 / 9.0f, -2 / 9.0f, 1 / 90.0f, 1 / 90.0f, 32 / 45.0f, 32 / 45.0f, 1,
};

CNN_INLINE CNN_TARGET void transform_filter(
  const int kernel, vec v[largest], const vec g[largest]) {
  evaluate(kernel, v, g);
#pragma clang loop unroll(full)
  for (int p = 0; p < window; p++) v[p] *= scales[p];
}

CNN_INLINE CNN_TARGET void transform_filter_gradient(
  const int kernel, vec g[largest], const vec x[largest]) {
  vec scaled[largest];
#pragma clang loop unroll(full)
  for (int p = 0; p < window; p++) scaled[p] = x[p] * scales[p];
  transform_output(window, kernel, g, scaled);
}

// A pixel of the maps, as floats.
CNN_INLINE CNN_TARGET vec
pixel(const cnn_f32_winograd_blocks *t, const bool is_bfloat16, int64_t row, int64_t column) {
  const int64_t index = (row * t->width + column) * t->pixel_stride;
  return is_bfloat16 ? load_bf16((const uint16_t *)t->maps + index)
                     : load((const float *)t->maps + index);
}

// Some `size` × `size` floats, with steps between rows and pixels.
typedef struct {
  const float *first;
  int64_t row_stride, pixel_stride;
} square;

// A tile's pixels, `step` pixels after those of its neighbour: where they lie or, of another type
// or hanging over the edge, in `buffer` with zeros beyond it.
CNN_INLINE CNN_TARGET square find(
  const cnn_f32_winograd_blocks *t, const int size, const bool is_bfloat16, int64_t tile_row,
  int64_t tile_column, float *buffer) {
  const int64_t first_row = t->first_row + tile_row * t->step;
  const int64_t first_column = t->first_column + tile_column * t->step;
  const bool is_whole = first_row >= 0 && first_row + size <= t->height && first_column >= 0
    && first_column + size <= t->width;
  if (is_whole && !is_bfloat16) {
    const int64_t first = (first_row * t->width + first_column) * t->pixel_stride;
    return (square){(const float *)t->maps + first, t->width * t->pixel_stride, t->pixel_stride};
  }
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) {
      const int64_t row = first_row + y, column = first_column + x;
      const bool is_inside =
        is_whole || (row >= 0 && row < t->height && column >= 0 && column < t->width);
      store(
        buffer + (y * size + x) * lanes, is_inside ? pixel(t, is_bfloat16, row, column) : (vec){0});
    }
  return (square){buffer, size * lanes, lanes};
}

// The transform of every tile's `size` × `size` pixels to the points.
CNN_INLINE CNN_TARGET void spread(
  const cnn_f32_winograd_blocks *t, const int size, const bool is_bfloat16,
  const transform transform_row) {
  float buffer[largest * largest * lanes];
  float *points = t->points;
  for (int64_t row = 0; row < t->tile_rows; row++)
    for (int64_t column = 0; column < t->tile_columns; column++, points += t->tile_stride) {
      const square from = find(t, size, is_bfloat16, row, column, buffer);
      transform_square(
        size, window, transform_row, from.first, from.row_stride, from.pixel_stride, points,
        window * t->point_stride, t->point_stride);
    }
}

CNN_TARGET void cnn_f32_winograd_blocks_input_16_wide(const cnn_f32_winograd_blocks *t) {
  if (t->is_bfloat16) spread(t, window, true, transform_input);
  else spread(t, window, false, transform_input);
}

CNN_INLINE CNN_TARGET void spread_gradient(
  const cnn_f32_winograd_blocks *t, const bool is_bfloat16) {
  if (t->step == 4) spread(t, 4, is_bfloat16, evaluate);
  else spread(t, 6, is_bfloat16, evaluate);
}

CNN_TARGET void cnn_f32_winograd_blocks_gradient_16_wide(const cnn_f32_winograd_blocks *t) {
  if (t->is_bfloat16) spread_gradient(t, true);
  else spread_gradient(t, false);
}

CNN_INLINE CNN_TARGET void store_tile(
  const cnn_f32_winograd_blocks *t, const int tile, int64_t first_row, int64_t first_column,
  vec half[largest][largest]) {
  const vec bias = t->bias ? load(t->bias) : (vec){0};
  const vec lower = t->clamp.lower - (vec){0}, upper = t->clamp.upper - (vec){0};
  float *to = (float *)t->maps + (first_row * t->width + first_column) * t->pixel_stride;
#pragma clang loop unroll(full)
  for (int i = 0; i < tile; i++) {
    if (first_row + i >= t->height) break;
    vec y[largest];
    transform_output(window, tile, y, half[i]);
#pragma clang loop unroll(full)
    for (int x = 0; x < tile; x++) {
      if (first_column + x >= t->width) break;
      store(to + (i * t->width + x) * t->pixel_stride, limit(y[x] + bias, lower, upper));
    }
  }
}

CNN_INLINE CNN_TARGET void gather(const cnn_f32_winograd_blocks *t, const int tile) {
  const float *points = t->points;
  for (int64_t row = 0; row < t->tile_rows; row++)
    for (int64_t column = 0; column < t->tile_columns; column++, points += t->tile_stride) {
      vec half[largest][largest], y[largest], d[largest];
#pragma clang loop unroll(full)
      for (int q = 0; q < window; q++) {
#pragma clang loop unroll(full)
        for (int p = 0; p < window; p++) d[p] = load(points + (p * window + q) * t->point_stride);
        transform_output(window, tile, y, d);
#pragma clang loop unroll(full)
        for (int i = 0; i < tile; i++) half[i][q] = y[i];
      }
      store_tile(t, tile, t->first_row + row * tile, t->first_column + column * tile, half);
    }
}

CNN_TARGET void cnn_f32_winograd_blocks_output_16_wide(const cnn_f32_winograd_blocks *t) {
  if (t->step == 4) gather(t, 4);
  else gather(t, 6);
}

CNN_INLINE CNN_TARGET void spread_filters(const cnn_f32_winograd_filters *t, const int kernel) {
  const int64_t step = t->rotated ? -t->tap_stride : t->tap_stride;
  const float *first = t->rotated ? t->taps + (kernel * kernel - 1) * t->tap_stride : t->taps;
  transform_square(
    kernel, window, transform_filter, first, kernel * step, step, t->points,
    window * t->point_stride, t->point_stride);
}

CNN_TARGET void cnn_f32_winograd_blocks_filters_16_wide(const cnn_f32_winograd_filters *t) {
  if (t->kernel == 5) spread_filters(t, 5);
  else spread_filters(t, 3);
}

CNN_INLINE CNN_TARGET void gather_filters(const cnn_f32_winograd_filters *t, const int kernel) {
  transform_square(
    window, kernel, transform_filter_gradient, t->points, window * t->point_stride, t->point_stride,
    t->taps, kernel * t->tap_stride, t->tap_stride);
}

CNN_TARGET void cnn_f32_winograd_blocks_filter_gradient_16_wide(const cnn_f32_winograd_filters *t) {
  if (t->kernel == 5) gather_filters(t, 5);
  else gather_filters(t, 3);
}
