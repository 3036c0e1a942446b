// Winograd's minimal filtering F(m × m, r × r) (Lavin & Gray 2016) in vectors of channels, for
// every ISA with vectors. A file of each ISA includes this once, with
//   CNN_ISA, CNN_TARGET  as in f32-maps.h,
//   CNN_LANES            the floats of a vector,
//   CNN_ROWS             the tiles of a product: CNN_ROWS × 2 sums stay in registers,
//   CNN_TILE             its extents, the end of the product's name,
//   load_part, store_part  of the first `count` lanes, the rest being zeros,
//   splat                a vector of one number,
//   limit                min(max(vector, lower), upper), NaN for NaN.
#include "CKernels.h"
#include "../shared/f32-winograd-transforms.h"
#include "../shared/prefetch.h"
#include "../shared/shuffles.h"
#include "../shared/names.h"

enum { lanes = CNN_LANES };

// The transforms that there are beside F(1 × 1, 1 × 1), as cases of `output_tile * 8 + kernel`.
#define CNN_SHAPES(function)                                                                       \
  case 2 * 8 + 3: return function(t, 2, 3);                                                        \
  case 4 * 8 + 3: return function(t, 4, 3);                                                        \
  case 6 * 8 + 3: return function(t, 6, 3);                                                        \
  case 2 * 8 + 5: return function(t, 2, 5);                                                        \
  case 4 * 8 + 5: return function(t, 4, 5);

// Transposition of a square of vectors: pairs of elements, then of pairs, then of 128-bit lanes.

CNN_INLINE CNN_TARGET void transpose(vec r[lanes]) {
  vec t[lanes];
#pragma clang loop unroll(full)
  for (int i = 0; i < lanes; i += 2) {
    t[i] = LOW(r[i], r[i + 1]);
    t[i + 1] = HIGH(r[i], r[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < lanes; i += 4) {
    r[i] = LOW_PAIRS(t[i], t[i + 2]);
    r[i + 1] = HIGH_PAIRS(t[i], t[i + 2]);
    r[i + 2] = LOW_PAIRS(t[i + 1], t[i + 3]);
    r[i + 3] = HIGH_PAIRS(t[i + 1], t[i + 3]);
  }
#if CNN_LANES >= 8
  // Row 4q + k holds, in quad Q, column 4Q + k of rows 4q to 4q + 3.
#pragma clang loop unroll(full)
  for (int i = 0; i < lanes; i += 8)
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
      t[i + k] = EVEN_QUADS(r[i + k], r[i + k + 4]);
      t[i + k + 4] = ODD_QUADS(r[i + k], r[i + k + 4]);
    }
#if CNN_LANES == 16
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k++) {
    r[k] = EVEN_QUADS(t[k], t[k + 8]);
    r[k + 8] = ODD_QUADS(t[k], t[k + 8]);
  }
#else
#pragma clang loop unroll(full)
  for (int k = 0; k < lanes; k++) r[k] = t[k];
#endif
#endif
}

// Planes of channels as vectors of channels: rows [first, last) of the input, pixel by pixel, where
// the first of `width` padded columns is `first_column`. The rest of the strip is zeros.

typedef struct {
  int64_t rows, columns, step;
} strip;

CNN_INLINE CNN_TARGET void load_pixels(
  vec r[lanes], const cnn_f32_winograd_input *t, const float *from, int64_t count) {
#pragma clang loop unroll(full)
  for (int c = 0; c < lanes; c++) {
    if (c >= t->channels) r[c] = (vec){0};
    else if (count >= lanes) r[c] = load(from + c * t->channel_stride);
    else r[c] = load_part(from + c * t->channel_stride, count);
  }
  transpose(r);
}

CNN_INLINE CNN_TARGET void clear(float *from, int64_t pixels) {
  for (int64_t i = 0; i < pixels; i++) store(from + i * lanes, (vec){0});
}

CNN_INLINE CNN_TARGET void make_strip(
  const cnn_f32_winograd_input *t, int64_t rows, int64_t columns) {
  // Of the strip, what lies in the plane: rows [top, bottom), columns [left, right).
  const int64_t top = t->first_row < 0 ? -t->first_row : 0;
  const int64_t left = t->first_column < 0 ? -t->first_column : 0;
  int64_t bottom = t->height - t->first_row, right = t->width - t->first_column;
  if (bottom > rows) bottom = rows;
  if (right > columns) right = columns;
  if (bottom <= top || right <= left) {
    clear(t->scratch, rows * columns);
    return;
  }
  clear(t->scratch, top * columns);
  clear(t->scratch + bottom * columns * lanes, (rows - bottom) * columns);
  for (int64_t y = top; y < bottom; y++) {
    clear(t->scratch + y * columns * lanes, left);
    clear(t->scratch + (y * columns + right) * lanes, columns - right);
  }
  // Whole rows follow each other in memory, so that a vector of pixels may cross from one to the
  // next.
  const bool whole = left + t->first_column == 0 && right + t->first_column == t->width;
  const int64_t runs = whole ? 1 : bottom - top, width = right - left;
  const int64_t run = whole ? (bottom - top) * width : width;
  for (int64_t i = 0; i < runs; i++) {
    int64_t y = top + i, x = left;
    const float *from = t->input + (y + t->first_row) * t->width + x + t->first_column;
    for (int64_t pixel = 0; pixel < run; pixel += lanes) {
      vec r[lanes];
      load_pixels(r, t, from + pixel, run - pixel);
      const int64_t count = run - pixel < lanes ? run - pixel : lanes;
      float *to = t->scratch + (y * columns + x) * lanes;
      if (x + lanes <= right && count == lanes) {
#pragma clang loop unroll(full)
        for (int j = 0; j < lanes; j++) store(to + j * lanes, r[j]);
        x += lanes;
      } else {
        for (int64_t j = 0; j < count; j++) {
          if (x == right) {
            x = left;
            y++;
            to = t->scratch + (y * columns + x) * lanes;
          }
          store(to, r[j]);
          to += lanes;
          x++;
        }
      }
      if (x == right) {
        x = left;
        y++;
      }
    }
  }
}

CNN_INLINE CNN_TARGET void input_tiles(const cnn_f32_winograd_input *t, const int m, const int r) {
  const int alpha = m + r - 1;
  const int64_t columns = t->tile_columns * m + r - 1;
  make_strip(t, t->tile_rows * m + r - 1, columns);
  float *output = t->output;
  for (int64_t row = 0; row < t->tile_rows; row++)
    for (int64_t column = 0; column < t->tile_columns; column++) {
      const float *from = t->scratch + (row * columns + column) * m * lanes;
      transform_square(
        alpha, alpha, transform_input, from, columns * lanes, lanes, output,
        alpha * t->point_stride, t->point_stride);
      output += lanes;
    }
}

// F(1 × 1, 1 × 1): only the layout changes, and a stride may leave pixels out.
CNN_INLINE CNN_TARGET void input_pixels(const cnn_f32_winograd_input *t) {
  const float *from = t->input + t->first_row * t->width + t->first_column;
  float *to = t->output;
  if (t->stride == 1 && t->tile_columns == t->width) {
    const int64_t pixels = t->tile_rows * t->tile_columns;
    for (int64_t pixel = 0; pixel < pixels; pixel += lanes) {
      vec r[lanes];
      load_pixels(r, t, from + pixel, pixels - pixel);
#pragma clang loop unroll(full)
      for (int j = 0; j < lanes; j++)
        if (pixel + j < pixels) store(to + (pixel + j) * lanes, r[j]);
    }
    return;
  }
  for (int64_t y = 0; y < t->tile_rows; y++)
    for (int64_t x = 0; x < t->tile_columns; x++, to += lanes) {
      const float *pixel = from + (y * t->width + x) * t->stride;
      for (int c = 0; c < lanes; c++) to[c] = c < t->channels ? pixel[c * t->channel_stride] : 0;
    }
}

CNN_TARGET void CNN_TILE_NAME(cnn_f32_winograd_input_)(const cnn_f32_winograd_input *t) {
  switch (t->output_tile * 8 + t->kernel) {
    CNN_SHAPES(input_tiles)
  case 1 * 8 + 1: return input_pixels(t);
  }
}

// The product of one point: tiles × output channels.

// The planes' share of a vector of depth.
CNN_INLINE CNN_TARGET void ask_in_passing(
  const cnn_f32_winograd_gemm *t, int64_t first, int64_t each) {
  const int64_t begin = first / lanes * each;
  for (int64_t i = begin; i < begin + each && i < t->planes; i++)
    ask_for(t->written, t->residual, i * t->plane_stride);
}

CNN_INLINE CNN_TARGET void multiply(
  const cnn_f32_winograd_gemm *t, const int rows, const int vectors) {
  vec c[CNN_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) c[i][v] = (vec){0};
  const int64_t chunks = (t->depth + lanes - 1) / lanes;
  const int64_t planes = (t->planes + chunks - 1) / chunks;
  const float *b = t->b, *next = t->next;
  for (int64_t first = 0; first < t->depth; first += lanes) {
    const float *a = t->a + first / lanes * t->a_stride;
    const int64_t left = t->depth - first, count = left < lanes ? left : lanes;
    ask_in_passing(t, first, planes);
    for (int64_t k = 0; k < count; k++) {
      vec weights[2];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) weights[v] = load(b + v * lanes);
      __builtin_prefetch(a + t->a_stride + k * (lanes - 1), 0, 3);
      __builtin_prefetch(next, 0, 2);
      if (vectors * lanes * 4 > 64) __builtin_prefetch(next + 16, 0, 2);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) c[i][v] += a[i * lanes] * weights[v];
      a++;
      b += vectors * lanes;
      next += t->next_step;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) store(t->c + i * t->c_stride + v * lanes, c[i][v]);
}

#define ROWS(n)                                                                                    \
  case n: return t->vectors > 1 ? multiply(t, n, 2) : multiply(t, n, 1);

CNN_TARGET void CNN_TILE_NAME(cnn_f32_winograd_gemm_)(const cnn_f32_winograd_gemm *t) {
  switch (t->rows) {
    ROWS(1)
    ROWS(2)
    ROWS(3)
    ROWS(4)
    ROWS(5)
    ROWS(6)
#if CNN_ROWS >= 12
    ROWS(7)
    ROWS(8)
    ROWS(9)
    ROWS(10)
    ROWS(11)
    ROWS(12)
#endif
#if CNN_ROWS >= 14
    ROWS(13)
    ROWS(14)
#endif
  }
}

// Pixels of vectors of channels as planes of channels.

CNN_INLINE CNN_TARGET void store_planes(
  const cnn_f32_winograd_output *t, const float *from, int64_t step, int64_t pixels) {
  const int64_t start = t->first_row * t->width;
  const vec bias = load(t->bias);
  const vec lower = splat(t->clamp.lower), upper = splat(t->clamp.upper);
  for (int64_t pixel = 0; pixel < pixels; pixel += lanes) {
    const int64_t left = pixels - pixel, count = left < lanes ? left : lanes;
    vec r[lanes];
#pragma clang loop unroll(full)
    for (int j = 0; j < lanes; j++)
      r[j] = j < count ? load(from + (pixel + j) * step) + bias : (vec){0};
    transpose(r);
#pragma clang loop unroll(full)
    for (int c = 0; c < lanes; c++) {
      if (c >= t->channels) break;
      const int64_t place = c * t->channel_stride + start + pixel;
      vec value = r[c];
      if (t->residual)
        value += count == lanes ? load(t->residual + place) : load_part(t->residual + place, count);
      value = limit(value, lower, upper);
      if (count == lanes) store(t->output + place, value);
      else store_part(t->output + place, value, count);
    }
  }
}

CNN_INLINE CNN_TARGET void output_tiles(
  const cnn_f32_winograd_output *t, const int m, const int r) {
  const int alpha = m + r - 1;
  const int64_t below = t->height - t->first_row;
  const int64_t rows = t->tile_rows * m < below ? t->tile_rows * m : below;
  const float *input = t->input;
  int64_t asked = 0, channel = 0;
  for (int64_t row = 0; row < t->tile_rows; row++)
    for (int64_t column = 0; column < t->tile_columns; column++) {
      // Cache lines of the planes: as many as a tile's pixels of 16 channels fill.
      for (int i = 0; i < m * m && channel < t->channels; i++) {
        ask_for(
          t->output, t->residual, channel * t->channel_stride + t->first_row * t->width + asked);
        asked += 16;
        if (asked < rows * t->width) continue;
        asked = 0;
        channel++;
      }
      vec half[largest][largest];
#pragma clang loop unroll(full)
      for (int x = 0; x < alpha; x++) {
        vec d[largest], y[largest];
#pragma clang loop unroll(full)
        for (int i = 0; i < alpha; i++) d[i] = load(input + (i * alpha + x) * t->point_stride);
        transform_output(alpha, m, y, d);
#pragma clang loop unroll(full)
        for (int i = 0; i < m; i++) half[i][x] = y[i];
      }
      input += t->tile_stride;
      const int64_t width = t->width - column * m;
      float *to = t->scratch + (row * m * t->width + column * m) * lanes;
#pragma clang loop unroll(full)
      for (int i = 0; i < m; i++) {
        if (row * m + i >= rows) break;
        vec y[largest];
        transform_output(alpha, m, y, half[i]);
#pragma clang loop unroll(full)
        for (int x = 0; x < m; x++)
          if (x < width) store(to + (i * t->width + x) * lanes, y[x]);
      }
    }
  store_planes(t, t->scratch, lanes, rows * t->width);
}

CNN_TARGET void CNN_TILE_NAME(cnn_f32_winograd_output_)(const cnn_f32_winograd_output *t) {
  switch (t->output_tile * 8 + t->kernel) {
    CNN_SHAPES(output_tiles)
  case 1 * 8 + 1: return store_planes(t, t->input, t->tile_stride, t->tile_rows * t->width);
  }
}

// Filters, in double precision up to the one rounding at the end.

CNN_INLINE CNN_TARGET void filters(const cnn_f32_winograd_weights *t, const int m, const int r) {
  const int alpha = m + r - 1;
  double g[5][5][lanes], half[largest][5][lanes];
  for (int lane = 0; lane < lanes; lane++)
    for (int i = 0; i < r * r; i++)
      g[i / r][i % r][lane] =
        lane < t->channels ? t->filters[lane * t->filter_stride + i] * t->scale[lane] : 0;
  for (int p = 0; p < alpha; p++)
    for (int x = 0; x < r; x++)
      for (int lane = 0; lane < lanes; lane++) {
        double sum = 0;
        for (int y = 0; y < r; y++) sum += t->matrix[p * r + y] * g[y][x][lane];
        half[p][x][lane] = sum;
      }
  for (int p = 0; p < alpha; p++)
    for (int q = 0; q < alpha; q++) {
      float *output = t->output + (p * alpha + q) * t->point_stride;
      for (int lane = 0; lane < lanes; lane++) {
        double sum = 0;
        for (int x = 0; x < r; x++) sum += t->matrix[q * r + x] * half[p][x][lane];
        output[lane] = (float)sum;
      }
    }
}

CNN_TARGET void CNN_TILE_NAME(cnn_f32_winograd_weights_)(const cnn_f32_winograd_weights *t) {
  switch (t->output_tile * 8 + t->kernel) {
    CNN_SHAPES(filters)
  case 1 * 8 + 1: return filters(t, 1, 1);
  }
}
