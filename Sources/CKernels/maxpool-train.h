// The maximum over windows of feature maps whose channels lie together, and its gradient, for one type
// of elements. A file includes this once for each, with
//   CNN_TYPE  the end of the names of the functions, and of those that load and store 16 elements,
//   element   the type.

CNN_INLINE CNN_TARGET void CNN_JOIN(take_window_, CNN_TYPE)(
  const cnn_maxpool *t, int64_t row, int64_t column, int64_t channel)
{
  const int64_t top = row * t->stride_y - t->padding_y, left = column * t->stride_x - t->padding_x;
  floats best = (floats){} - __builtin_inff();
  words place = {};
  for (int64_t y = 0; y < t->kernel_y; y++) {
    if (top + y < 0 || top + y >= t->height) continue;
    for (int64_t x = 0; x < t->kernel_x; x++) {
      if (left + x < 0 || left + x >= t->width) continue;
      const element *from = (const element *)t->maps
        + ((top + y) * t->width + left + x) * t->channels + channel;
      const floats value = CNN_JOIN(load_, CNN_TYPE)(from);
      // NaN is taken, and nothing is greater.
      const words taken = (value > best) | (value != value);
      best = (floats)(((words)value & taken) | ((words)best & ~taken));
      place = (((words){} + (int32_t)(y * t->kernel_x + x)) & taken) | (place & ~taken);
    }
  }
  const int64_t index = (row * t->output_width + column) * t->channels + channel;
  CNN_JOIN(store_, CNN_TYPE)((element *)t->results + index, best);
  if (t->places) *(places *)(t->places + index) = __builtin_convertvector(place, places);
}

CNN_TARGET void CNN_JOIN(cnn_maxpool_, CNN_TYPE)(const cnn_maxpool *t) {
  for (int64_t row = 0; row < t->output_height; row++)
    for (int64_t column = 0; column < t->output_width; column++)
      for (int64_t channel = 0; channel < t->channels; channel += 16)
        CNN_JOIN(take_window_, CNN_TYPE)(t, row, column, channel);
}

// Sums what the windows over a pixel give it.
CNN_INLINE CNN_TARGET void CNN_JOIN(collect_, CNN_TYPE)(
  const cnn_maxpool *t, const int64_t rows[2], const int64_t columns[2], int64_t y, int64_t x,
  int64_t channel)
{
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

CNN_TARGET void CNN_JOIN(cnn_maxpool_gradient_, CNN_TYPE)(const cnn_maxpool *t) {
  for (int64_t y = 0; y < t->height; y++) {
    int64_t rows[2], columns[2];
    find_windows(y + t->padding_y, t->kernel_y, t->stride_y, t->output_height, rows);
    for (int64_t x = 0; x < t->width; x++) {
      find_windows(x + t->padding_x, t->kernel_x, t->stride_x, t->output_width, columns);
      for (int64_t channel = 0; channel < t->channels; channel += 16)
        CNN_JOIN(collect_, CNN_TYPE)(t, rows, columns, y, x, channel);
    }
  }
}

#undef CNN_TYPE
#undef element
