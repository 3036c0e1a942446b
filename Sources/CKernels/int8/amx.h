// Tiles of AMX (Intel SDM vol. 1, chapter 18): eight registers of up to 16 rows of 64 bytes.
#ifndef AMX_H
#define AMX_H
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#include "../shared/targets.h"

typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_shapes;

// Shapes of a product: sums in 0 to 3, `[row block][column block]`, factors with the rows of a
// block in 4 and 5, factors of 16 columns in 6 and 7. A block without rows is not used.
CNN_INLINE CNN_AVX512AMX void shape_tiles(const int64_t first, const int64_t second) {
  tile_shapes shapes = {.palette = 1};
  for (int tile = 0; tile < 8; tile++) {
    const int64_t rows = tile > 5 ? 16 : tile == 2 || tile == 3 || tile == 5 ? second : first;
    shapes.row_bytes[tile] = 64;
    shapes.rows[tile] = (uint8_t)(rows > 0 ? rows : 1);
  }
  _tile_loadconfig(&shapes);
}

CNN_INLINE CNN_AVX512AMX void zero_sums(void) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

// The sums of the tiles that are used: `tall` and `wide` are whether there are second blocks.
CNN_INLINE CNN_AVX512AMX void store_sums(int32_t sums[32][32], const bool tall, const bool wide) {
  const int64_t row_bytes = sizeof sums[0];
  _tile_stored(0, sums[0], row_bytes);
  if (wide) _tile_stored(1, sums[0] + 16, row_bytes);
  if (tall) _tile_stored(2, sums[16], row_bytes);
  if (tall && wide) _tile_stored(3, sums[16] + 16, row_bytes);
}

#endif
