// The maximum over windows of feature maps whose channels lie together, sixteen at a time, and its
// gradient: every element is written once, in the layouts that oneDNN's convolutions have. A file
// of each type of elements includes this once, with
//   CNN_TYPE      the type in the names of the functions and of those that load and store,
//   element, bit  the type, and integers of its size.
#include "CKernels.h"
#include "elements.h"
#include "../shared/names.h"

#define CNN_TYPE_NAME(operation) CNN_JOIN(CNN_JOIN(cnn_, CNN_TYPE), _##operation##_16_wide)

typedef uint8_t places __attribute__((vector_size(16), aligned(1), may_alias));
// Sixteen elements as integers, to be masked.
typedef bit bits __attribute__((vector_size(16 * sizeof(bit)), aligned(sizeof(bit)), may_alias));

// Which places [first, end) of a window that starts at `from` lie on the axis.
CNN_INLINE void clip(int64_t from, int64_t kernel, int64_t size, int64_t range[2]) {
  range[0] = from < 0 ? -from : 0;
  range[1] = from + kernel > size ? size - from : kernel;
}

// The windows [first, end) along an axis that have a place of the padded input.
CNN_INLINE void find_windows(
  int64_t place, int64_t kernel, int64_t stride, int64_t count, int64_t windows[2]) {
  windows[0] = place < kernel ? 0 : (place - kernel) / stride + 1;
  const int64_t last = place / stride;
  windows[1] = last < count ? last + 1 : count;
}

// Whether windows touch without overlap, and cover a map and nothing else.
CNN_INLINE int tiles_map(const cnn_maxpool *t) {
  return t->padding_y == 0 && t->padding_x == 0 && t->stride_y == t->kernel_y
    && t->stride_x == t->kernel_x && t->output_height * t->kernel_y == t->height
    && t->output_width * t->kernel_x == t->width;
}

// The maxima of a window of `kernel_x` columns, of which those in the ranges are not padding.
CNN_INLINE CNN_TARGET void take_window(
  const cnn_maxpool *t, const int64_t kernel_x, int64_t index, const element *corner,
  const int64_t ys[2], const int64_t xs[2]) {
  floats best = (floats){} - __builtin_inff();
  words place = {};
  for (int64_t y = ys[0]; y < ys[1]; y++)
    for (int64_t x = xs[0]; x < xs[1]; x++) {
      const floats value = CNN_JOIN(load_, CNN_TYPE)(corner + (y * t->width + x) * t->channels);
      // NaN is taken, and nothing is greater.
      const words taken = (value > best) | (value != value);
      best = (floats)(((words)value & taken) | ((words)best & ~taken));
      place = (((words){} + (int32_t)(y * kernel_x + x)) & taken) | (place & ~taken);
    }
  CNN_JOIN(store_, CNN_TYPE)((element *)t->results + index, best);
  if (t->places) *(places *)(t->places + index) = __builtin_convertvector(place, places);
}

// All windows; where the kernel is a constant, those without padding are unrolled.
CNN_INLINE CNN_TARGET void take_windows(
  const cnn_maxpool *t, const int64_t kernel_y, const int64_t kernel_x) {
  const int64_t whole_y[2] = {0, kernel_y}, whole_x[2] = {0, kernel_x};
  int64_t index = 0;
  for (int64_t row = 0; row < t->output_height; row++)
    for (int64_t column = 0; column < t->output_width; column++) {
      const int64_t top = row * t->stride_y - t->padding_y;
      const int64_t left = column * t->stride_x - t->padding_x;
      int64_t ys[2], xs[2];
      clip(top, kernel_y, t->height, ys);
      clip(left, kernel_x, t->width, xs);
      const int is_whole = ys[1] - ys[0] == kernel_y && xs[1] - xs[0] == kernel_x;
      const element *corner = (const element *)t->maps + (top * t->width + left) * t->channels;
      for (int64_t channel = 0; channel < t->channels; channel += 16, index += 16)
        if (is_whole) take_window(t, kernel_x, index, corner + channel, whole_y, whole_x);
        else take_window(t, kernel_x, index, corner + channel, ys, xs);
    }
}

CNN_TARGET void CNN_TYPE_NAME(maxpool_blocks)(const cnn_maxpool *t) {
  if (t->kernel_y == 2 && t->kernel_x == 2) take_windows(t, 2, 2);
  else if (t->kernel_y == 3 && t->kernel_x == 3) take_windows(t, 3, 3);
  else take_windows(t, t->kernel_y, t->kernel_x);
}

// Sums what the windows over a pixel give it.
CNN_INLINE CNN_TARGET void collect(
  const cnn_maxpool *t, const int64_t rows[2], const int64_t columns[2], int64_t y, int64_t x,
  int64_t channel) {
  floats sum = {};
  for (int64_t row = rows[0]; row < rows[1]; row++)
    for (int64_t column = columns[0]; column < columns[1]; column++) {
      const int64_t tap = (y + t->padding_y - row * t->stride_y) * t->kernel_x + x + t->padding_x
        - column * t->stride_x;
      const int64_t index = (row * t->output_width + column) * t->channels + channel;
      const words place = __builtin_convertvector(*(const places *)(t->places + index), words);
      const words is_here = place == (words){} + (int32_t)tap;
      const floats given = CNN_JOIN(load_, CNN_TYPE)((const element *)t->results + index);
      sum += (floats)((words)given & is_here);
    }
  CNN_JOIN(store_, CNN_TYPE)((element *)t->maps + (y * t->width + x) * t->channels + channel, sum);
}

// A row of pixels that each belong to one window, whose places start at `first` in this row.
CNN_INLINE CNN_TARGET void spread_row(
  const cnn_maxpool *t, const int64_t kernel_x, int64_t from, element *to, int64_t first) {
  for (int64_t column = 0; column < t->output_width; column++)
    for (int64_t channel = 0; channel < t->channels; channel += 16, from += 16) {
      const bits place = __builtin_convertvector(*(const places *)(t->places + from), bits);
      const bits given = *(const bits *)((const element *)t->results + from);
      element *pixel = to + column * kernel_x * t->channels + channel;
      for (int64_t x = 0; x < kernel_x; x++)
        *(bits *)(pixel + x * t->channels) = given & (place == (bits){} + (bit)(first + x));
    }
}

CNN_TARGET static void spread(const cnn_maxpool *t) {
  element *to = (element *)t->maps;
  for (int64_t y = 0; y < t->height; y++, to += t->width * t->channels) {
    const int64_t from = y / t->kernel_y * t->output_width * t->channels;
    const int64_t first = y % t->kernel_y * t->kernel_x;
    if (t->kernel_x == 2) spread_row(t, 2, from, to, first);
    else spread_row(t, t->kernel_x, from, to, first);
  }
}

CNN_TARGET void CNN_TYPE_NAME(maxpool_blocks_gradient)(const cnn_maxpool *t) {
  if (tiles_map(t)) {
    spread(t);
    return;
  }
  for (int64_t y = 0; y < t->height; y++) {
    int64_t rows[2], columns[2];
    find_windows(y + t->padding_y, t->kernel_y, t->stride_y, t->output_height, rows);
    for (int64_t x = 0; x < t->width; x++) {
      find_windows(x + t->padding_x, t->kernel_x, t->stride_x, t->output_width, columns);
      for (int64_t channel = 0; channel < t->channels; channel += 16)
        collect(t, rows, columns, y, x, channel);
    }
  }
}
