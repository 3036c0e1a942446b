#if defined(__x86_64__)
#include "amx.h"
#include "u8-rounding.h"

#define CNN_TARGET CNN_AVX512AMX

#include "u8-finish-avx512.h"

// A panel's row of groups is 32 channels of 4 bytes: two tiles, side by side.
enum { row_bytes = 128, step_bytes = 64, step_weights = 16 * row_bytes };

// Up to two tiles of pixels by up to two of channels; 64 elements of a tile's windows, read where
// they lie, are a tile. `next` is from the first tile's windows to the second's; `wide` and `tall`
// are whether there is a second tile of channels and of pixels.
CNN_INLINE CNN_TARGET void multiply(
  const cnn_u8_conv *t, const uint8_t *input, const int64_t next, const bool tall,
  const bool wide) {
  zero_sums();
  const int64_t stride = t->pixel_stride;
  const int8_t *w = t->weights;
  for (int64_t run = 0; run < t->run_count; run++) {
    const uint8_t *x = input + t->runs[run];
    for (int64_t group = 0; group < t->run_groups; group += 16) {
      _tile_loadd(6, w, row_bytes);
      _tile_loadd(4, x, stride);
      _tile_dpbusd(0, 4, 6);
      if (wide) _tile_loadd(7, w + 64, row_bytes);
      if (wide) _tile_dpbusd(1, 4, 7);
      if (tall) _tile_loadd(5, x + next, stride);
      if (tall) _tile_dpbusd(2, 5, 6);
      if (tall && wide) _tile_dpbusd(3, 5, 7);
      x += step_bytes;
      w += step_weights;
    }
  }
}

CNN_INLINE CNN_TARGET void finish_tile(
  const cnn_u8_conv *t, const int32_t (*sums)[32], const int64_t first, const int64_t pixels) {
  for (int channel = 0; channel < t->channels; channel += 16) {
    const __m512i bias = _mm512_loadu_si512(t->bias + channel);
    for (int64_t pixel = 0; pixel < pixels; pixel++) {
      const __m512i sum = _mm512_load_si512(sums[pixel] + channel);
      finish(t, _mm512_add_epi32(sum, bias), first + pixel, channel);
    }
  }
}

// A pixel tile of `first` pixels from `row` on, and one of `second` pixels where that is not 0: of
// the same row if it is longer than a tile, else of the next one.
CNN_INLINE CNN_TARGET void convolve(
  const cnn_u8_conv *t, const int64_t row, const int64_t first, const int64_t second) {
  int32_t sums[32][32] __attribute__((aligned(64)));
  const bool isLong = t->pixels > 16, tall = second > 0, wide = t->channels > 16;
  const uint8_t *input = (const uint8_t *)t->input + row * t->row_stride;
  const int64_t next = isLong ? 16 * t->pixel_stride : t->row_stride;
  if (tall && wide) multiply(t, input, next, true, true);
  else if (tall) multiply(t, input, next, true, false);
  else if (wide) multiply(t, input, next, false, true);
  else multiply(t, input, next, false, false);
  store_sums(sums, tall, wide);
  const int64_t pixel = row * t->pitch;
  finish_tile(t, sums, pixel, first);
  finish_tile(t, sums + 16, pixel + (isLong ? 16 : t->pitch), second);
}

CNN_TARGET void cnn_u8_conv_32x32_avx512amx(const cnn_u8_conv *arguments) {
  // A copy, which stored bytes cannot be a part of.
  const cnn_u8_conv copy = *arguments, *const t = &copy;
  const int64_t pixels = t->pixels;
  if (pixels > 16) {
    shape_tiles(16, pixels - 16);
    for (int64_t row = 0; row < t->rows; row++) convolve(t, row, 16, pixels - 16);
  } else {
    shape_tiles(pixels, pixels);
    for (int64_t row = 0; row < t->rows; row += 2)
      convolve(t, row, pixels, row + 1 < t->rows ? pixels : 0);
  }
  _tile_release();
}

CNN_TARGET int32_t cnn_u8_conv_peak_32x32_avx512amx(int64_t rounds) {
  int8_t ones[16 * 64];
  int32_t sums[32][32];
  __builtin_memset(ones, 1, sizeof ones);
  shape_tiles(16, 16);
  zero_sums();
  _tile_loadd(4, ones, 64);
  _tile_loadd(6, ones, 64);
  for (int64_t round = 0; round < rounds; round++) {
    _tile_dpbusd(0, 4, 6);
    _tile_dpbusd(1, 4, 6);
    _tile_dpbusd(2, 4, 6);
    _tile_dpbusd(3, 4, 6);
  }
  store_sums(sums, true, true);
  _tile_release();
  uint32_t sum = 0;
  for (int row = 0; row < 32; row++)
    for (int column = 0; column < 32; column++) sum += (uint32_t)sums[row][column];
  return (int32_t)sum;
}
#endif
