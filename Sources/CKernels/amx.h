// Tiles of AMX (Intel SDM vol. 1, chapter 18): eight registers of up to 16 rows of 64 bytes.
#ifndef AMX_H
#define AMX_H
#include <immintrin.h>
#include <stdint.h>

#include "targets.h"

typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_shapes;

// Shapes of a product of up to 32 rows: sums in 0 to 3, `[row block][column block]`, factors with as
// many rows in 4 and 5, factors of 16 columns in 6 and 7. A block without rows gets one of its own.
CNN_INLINE CNN_AVX512AMX void shape_tiles(const int64_t rows) {
  const uint8_t first = (uint8_t)(rows < 16 ? rows : 16);
  const uint8_t second = (uint8_t)(rows > 16 ? rows - 16 : 1);
  tile_shapes shapes = {.palette = 1};
  for (int tile = 0; tile < 8; tile++) {
    shapes.row_bytes[tile] = 64;
    shapes.rows[tile] = tile == 2 || tile == 3 || tile == 5 ? second : first;
  }
  shapes.rows[6] = shapes.rows[7] = 16;
  _tile_loadconfig(&shapes);
}

#endif
