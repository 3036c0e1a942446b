#if defined(__x86_64__)
#include "amx.h"
#include "u8-rounding.h"

#define CNN_TARGET CNN_AVX512AMX

#include "u8-finish-avx512.h"

// A panel's row of groups is 32 channels of 4 bytes: two tiles, side by side.
enum { row_bytes = 128, step_bytes = 64, step_weights = 16 * row_bytes };

// 32 pixels by 32 channels are four tiles of sums; 64 elements of 16 pixels' windows, read where they
// lie, are a tile. `wide` and `tall` are whether there is a second tile of channels and of pixels.
CNN_INLINE CNN_TARGET void multiply(const cnn_u8_conv *t, const bool tall, const bool wide) {
  _tile_loadd(0, t->bias, 0);
  if (wide) _tile_loadd(1, t->bias + 16, 0);
  if (tall) _tile_loadd(2, t->bias, 0);
  if (tall && wide) _tile_loadd(3, t->bias + 16, 0);
  const int64_t stride = t->pixel_stride, block = 16 * stride;
  const int8_t *w = t->weights;
  for (int64_t run = 0; run < t->run_count; run++) {
    const uint8_t *x = (const uint8_t *)t->input + t->runs[run];
    for (int64_t group = 0; group < t->run_groups; group += 16) {
      _tile_loadd(6, w, row_bytes);
      _tile_loadd(4, x, stride);
      _tile_dpbusd(0, 4, 6);
      if (wide) _tile_loadd(7, w + 64, row_bytes);
      if (wide) _tile_dpbusd(1, 4, 7);
      if (tall) _tile_loadd(5, x + block, stride);
      if (tall) _tile_dpbusd(2, 5, 6);
      if (tall && wide) _tile_dpbusd(3, 5, 7);
      x += step_bytes;
      w += step_weights;
    }
  }
}

CNN_TARGET void cnn_u8_conv_32x32_avx512amx(const cnn_u8_conv *t) {
  const bool tall = t->pixels > 16, wide = t->channels > 16;
  int32_t sums[32][32] __attribute__((aligned(64)));
  shape_tiles(t->pixels);
  if (tall && wide) multiply(t, true, true);
  else if (tall) multiply(t, true, false);
  else if (wide) multiply(t, false, true);
  else multiply(t, false, false);
  _tile_stored(0, sums[0], sizeof sums[0]);
  if (wide) _tile_stored(1, sums[0] + 16, sizeof sums[0]);
  if (tall) _tile_stored(2, sums[16], sizeof sums[0]);
  if (tall && wide) _tile_stored(3, sums[16] + 16, sizeof sums[0]);
  _tile_release();
  for (int pixel = 0; pixel < t->pixels; pixel++)
    for (int channel = 0; channel < t->channels; channel += 16)
      finish(t, _mm512_load_si512(sums[pixel] + channel), pixel, channel);
}

CNN_TARGET int32_t cnn_u8_peak_avx512amx(int64_t rounds) {
  int8_t ones[16 * 64];
  int32_t sums[4][16 * 16];
  __builtin_memset(ones, 1, sizeof ones);
  shape_tiles(32);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_loadd(4, ones, 64);
  _tile_loadd(6, ones, 64);
  for (int64_t round = 0; round < rounds; round++) {
    _tile_dpbusd(0, 4, 6);
    _tile_dpbusd(1, 4, 6);
    _tile_dpbusd(2, 4, 6);
    _tile_dpbusd(3, 4, 6);
  }
  _tile_stored(0, sums[0], 64);
  _tile_stored(1, sums[1], 64);
  _tile_stored(2, sums[2], 64);
  _tile_stored(3, sums[3], 64);
  _tile_release();
  uint32_t sum = 0;
  for (int i = 0; i < 4; i++)
    for (int lane = 0; lane < 256; lane++) sum += (uint32_t)sums[i][lane];
  return (int32_t)sum;
}
#endif
