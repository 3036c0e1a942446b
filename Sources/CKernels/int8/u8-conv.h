// Convolution of uint8 by int8, for every ISA: rows of output pixels by a panel of filters. A file
// of each ISA includes this once, with
//   CNN_ISA, CNN_TARGET   as in f32-maps.h; CNN_TILE, the tile in the name,
//   CNN_PIXELS            the most pixels at a time, CNN_VECTORS the vectors of filters in a panel,
//   CNN_LANES             32-bit lanes of a vector,
//   CNN_GROUP             elements of a window that a multiplication takes at a time,
//   element, sums, multipliers   the types of a padded image, of a vector of sums, of weights,
// and the functions
//   start(bias), broadcast(elements), load_weights(address), multiply(sums, elements, weights),
//   finish(tile, sums, pixel, channel),
// and for the core's limit
//   CNN_CHAINS            sums that no other waits for,
//   CNN_OPAQUE(vector)    what keeps a product from being computed once for all of them.
// Pixels are broadcast and filters vectors, so that a window is read where it lies: nothing is
// gathered but the image's border.
#include "u8-rounding.h"
#include "../shared/names.h"

CNN_INLINE CNN_TARGET void convolve(
  const cnn_u8_conv *t, const int64_t row, const int pixels, const int vectors) {
  sums c[CNN_PIXELS][CNN_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    const sums bias = start(t->bias + v * CNN_LANES);
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; p++) c[p][v] = bias;
  }
  const int64_t stride = t->pixel_stride;
  const element *input = (const element *)t->input + row * t->row_stride;
  const int8_t *w = t->weights;
  for (int64_t run = 0; run < t->run_count; run++) {
    const element *x = input + t->runs[run];
    for (int64_t group = t->run_groups; group > 0; group--) {
      multipliers weights[CNN_VECTORS];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) weights[v] = load_weights(w + v * CNN_LANES * CNN_GROUP);
#pragma clang loop unroll(full)
      for (int p = 0; p < pixels; p++) {
        const multipliers pixel = broadcast(x + p * stride);
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) c[p][v] = multiply(c[p][v], pixel, weights[v]);
      }
      x += CNN_GROUP;
      w += CNN_VECTORS * CNN_LANES * CNN_GROUP;
    }
  }
#pragma clang loop unroll(full)
  for (int p = 0; p < pixels; p++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) finish(t, c[p][v], row * t->pitch + p, v * CNN_LANES);
}

CNN_TARGET void CNN_TILE_NAME(cnn_u8_conv_)(const cnn_u8_conv *t) {
  // A panel's last vectors may hold no filter.
  const bool half = CNN_VECTORS > 1 && t->channels <= CNN_LANES * (CNN_VECTORS / 2);
#define CNN_CASE(n)                                                                                \
  case n:                                                                                          \
    for (int64_t row = 0; row < t->rows; row++)                                                    \
      if (half) convolve(t, row, n, (CNN_VECTORS + 1) / 2);                                        \
      else convolve(t, row, n, CNN_VECTORS);                                                       \
    break;
  switch (t->pixels) {
    CNN_CASE(1)
    CNN_CASE(2)
    CNN_CASE(3)
    CNN_CASE(4)
#if CNN_PIXELS > 4
    CNN_CASE(5)
    CNN_CASE(6)
#endif
#if CNN_PIXELS > 6
    CNN_CASE(7)
    CNN_CASE(8)
    CNN_CASE(9)
    CNN_CASE(10)
    CNN_CASE(11)
    CNN_CASE(12)
#endif
#if CNN_PIXELS > 12
    CNN_CASE(13)
    CNN_CASE(14)
#endif
  }
}

CNN_TARGET void CNN_TILE_NAME(cnn_u8_conv_pad_)(const cnn_u8_pad *arguments) {
  // A copy, which stored bytes cannot be a part of.
  const cnn_u8_pad copy = *arguments, *const r = &copy;
  element *to = r->output;
  const int64_t left = (r->input ? r->left : r->left + r->width + r->right) * r->channels;
  for (int64_t i = 0; i < left; i++) to[i] = convert(r->zero);
  if (!r->input) return;
  to += left;
  const int64_t count = r->width * r->channels;
  for (int64_t i = 0; i < count; i++) to[i] = convert(r->input[i]);
  to += count;
  for (int64_t i = 0; i < r->right * r->channels; i++) to[i] = convert(r->zero);
}

CNN_TARGET int32_t CNN_TILE_NAME(cnn_u8_conv_peak_)(int64_t rounds) {
  const int8_t ones[CNN_LANES * CNN_GROUP] = {[0 ... CNN_LANES * CNN_GROUP - 1] = 1};
  const element one[CNN_GROUP] = {[0 ... CNN_GROUP - 1] = 1};
  const int32_t zeros[CNN_LANES] = {0};
  const multipliers weights = load_weights(ones);
  multipliers pixel = broadcast(one);
  sums c[CNN_CHAINS];
#pragma clang loop unroll(full)
  for (int i = 0; i < CNN_CHAINS; i++) c[i] = start(zeros);
  for (int64_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CNN_CHAINS; i++) {
      CNN_OPAQUE(pixel);
      c[i] = multiply(c[i], pixel, weights);
    }
  }
  uint32_t sum = 0;
  for (int i = 0; i < CNN_CHAINS; i++) {
    uint32_t lanes[CNN_LANES];
    __builtin_memcpy(lanes, &c[i], sizeof lanes);
    for (int lane = 0; lane < CNN_LANES; lane++) sum += lanes[lane];
  }
  return (int32_t)sum;
}
