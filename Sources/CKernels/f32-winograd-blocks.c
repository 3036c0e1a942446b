// F(4 × 4, 5 × 5), F(6 × 6, 3 × 3) and their gradients over feature maps in blocks of 16 channels,
// which training keeps (Lavin & Gray 2016): the transforms around products that are computed elsewhere.
#include "CKernels.h"
#include "targets.h"

#define CNN_TARGET CNN_WIDE

typedef float vec __attribute__((vector_size(64)));
typedef int bits __attribute__((vector_size(64)));
typedef float unaligned __attribute__((vector_size(64), aligned(4), may_alias));

#include "f32-winograd-transforms.h"

// The window: α = m + r − 1.
enum { lanes = 16, window = 8 };

// The greater of it and 0, NaN for NaN.
CNN_INLINE CNN_TARGET vec positive(vec value) { return (vec)((bits)value & ~(value < 0)); }

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
  const int kernel, vec v[largest], const vec g[largest])
{
  evaluate(kernel, v, g);
#pragma clang loop unroll(full)
  for (int p = 0; p < window; p++) v[p] *= scales[p];
}

CNN_INLINE CNN_TARGET void transform_filter_gradient(
  const int kernel, vec g[largest], const vec x[largest])
{
  vec scaled[largest];
#pragma clang loop unroll(full)
  for (int p = 0; p < window; p++) scaled[p] = x[p] * scales[p];
  transform_output(window, kernel, g, scaled);
}

// Where a tile's `size` × `size` pixels lie, `step` pixels after those of its neighbour: in the maps
// or, where they hang over the edge, in `buffer` with zeros beyond it.
CNN_INLINE CNN_TARGET const float *find(
  const cnn_f32_winograd_blocks *t, const int size, int64_t tile_row, int64_t tile_column,
  float *buffer, int64_t *width)
{
  const int64_t first_row = t->first_row + tile_row * t->step;
  const int64_t first_column = t->first_column + tile_column * t->step;
  if (first_row >= 0 && first_row + size <= t->height && first_column >= 0
      && first_column + size <= t->width) {
    *width = t->width;
    return t->maps + (first_row * t->width + first_column) * lanes;
  }
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) {
      const int64_t row = first_row + y, column = first_column + x;
      const bool inside = row >= 0 && row < t->height && column >= 0 && column < t->width;
      const vec pixel = inside ? load(t->maps + (row * t->width + column) * lanes) : (vec){0};
      store(buffer + (y * size + x) * lanes, pixel);
    }
  *width = size;
  return buffer;
}

// The transform of every tile's `size` × `size` pixels to the points.
CNN_INLINE CNN_TARGET void spread(
  const cnn_f32_winograd_blocks *t, const int size, const transform transform_row)
{
  float buffer[largest * largest * lanes];
  float *points = t->points;
  for (int64_t row = 0; row < t->tile_rows; row++)
    for (int64_t column = 0; column < t->tile_columns; column++, points += t->tile_stride) {
      int64_t width;
      const float *from = find(t, size, row, column, buffer, &width);
      transform_square(
        size, window, transform_row, from, width * lanes, lanes, points, window * t->point_stride,
        t->point_stride);
    }
}

CNN_TARGET void cnn_f32_winograd_blocks_input(const cnn_f32_winograd_blocks *t) {
  spread(t, window, transform_input);
}

CNN_TARGET void cnn_f32_winograd_blocks_gradient(const cnn_f32_winograd_blocks *t) {
  if (t->step == 4) spread(t, 4, evaluate);
  else spread(t, 6, evaluate);
}

CNN_INLINE CNN_TARGET void store_tile(
  const cnn_f32_winograd_blocks *t, const int tile, int64_t first_row, int64_t first_column,
  vec half[largest][largest])
{
  const vec bias = t->bias ? load(t->bias) : (vec){0};
  float *to = t->maps + (first_row * t->width + first_column) * lanes;
#pragma clang loop unroll(full)
  for (int i = 0; i < tile; i++) {
    if (first_row + i >= t->height) break;
    vec y[largest];
    transform_output(window, tile, y, half[i]);
#pragma clang loop unroll(full)
    for (int x = 0; x < tile; x++) {
      if (first_column + x >= t->width) break;
      const vec value = y[x] + bias;
      store(to + (i * t->width + x) * lanes, t->relu ? positive(value) : value);
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

CNN_TARGET void cnn_f32_winograd_blocks_output(const cnn_f32_winograd_blocks *t) {
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

CNN_TARGET void cnn_f32_winograd_blocks_filters(const cnn_f32_winograd_filters *t) {
  if (t->kernel == 5) spread_filters(t, 5);
  else spread_filters(t, 3);
}

CNN_INLINE CNN_TARGET void gather_filters(const cnn_f32_winograd_filters *t, const int kernel) {
  transform_square(
    window, kernel, transform_filter_gradient, t->points, window * t->point_stride,
    t->point_stride, t->taps, kernel * t->tap_stride, t->tap_stride);
}

CNN_TARGET void cnn_f32_winograd_blocks_filter_gradient(const cnn_f32_winograd_filters *t) {
  if (t->kernel == 5) gather_filters(t, 5);
  else gather_filters(t, 3);
}
