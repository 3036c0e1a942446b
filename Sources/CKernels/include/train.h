#ifndef CKERNELS_TRAIN_H
#define CKERNELS_TRAIN_H

// Training's own kernels. The names of those in vectors of 64 bytes end in `wide`: on x86-64 they
// are compiled for AVX-512, and run only where the processor has it; elsewhere the compiler splits
// them.

#include <stdbool.h>
#include <stdint.h>

#include "f32.h"

#ifdef __cplusplus
extern "C" {
#endif

// Training's F(4 × 4, 5 × 5) and F(6 × 6, 3 × 3), 16 channels at a time: the 64 points go through
// products of matrices between the transforms.

typedef struct {
  /// 16 channels of `[height][width]` pixels: floats that are read or written, or bfloat16 that is
  /// read.
  void *maps;
  bool is_bfloat16;
  /// Elements from one pixel to the next.
  int64_t pixel_stride;
  int64_t height, width;
  /// Where the first tile starts, in padding where negative, which the output's may not be.
  int64_t first_row, first_column;
  /// m, 4 or 6: the pixels from one tile to the next.
  int64_t step;
  int64_t tile_rows, tile_columns;
  /// `[64][point_stride]`, of which each tile, in row-major order, has 16 channels every
  /// `tile_stride`.
  float *points;
  int64_t point_stride, tile_stride;
  /// `[16]`, added to the output; null for none.
  const float *bias;
  /// Of the output.
  cnn_f32_clamp clamp;
} cnn_f32_winograd_blocks;

/// The filters from one channel to 16.
typedef struct {
  /// r, 5 or 3.
  int64_t kernel;
  /// `[r²][tap_stride]`, of which 16 each.
  float *taps;
  int64_t tap_stride;
  /// `[64][point_stride]`, of which 16 each.
  float *points;
  int64_t point_stride;
  /// Whether taps are taken from the last to the first.
  bool rotated;
} cnn_f32_winograd_filters;

/// `Bᵀ x B`: windows of 8 × 8 to points.
void cnn_f32_winograd_blocks_input_16_wide(const cnn_f32_winograd_blocks *tiles);
/// `A y Aᵀ`: the output's gradient, tiles of m × m, to points.
void cnn_f32_winograd_blocks_gradient_16_wide(const cnn_f32_winograd_blocks *tiles);
/// `Aᵀ p A`: points to tiles of m × m, what hangs over the edge left out.
void cnn_f32_winograd_blocks_output_16_wide(const cnn_f32_winograd_blocks *tiles);
/// `G g Gᵀ`: filters to points.
void cnn_f32_winograd_blocks_filters_16_wide(const cnn_f32_winograd_filters *filters);
/// `Gᵀ p G`: the gradient by points to that by filters.
void cnn_f32_winograd_blocks_filter_gradient_16_wide(const cnn_f32_winograd_filters *filters);

// What training does to every weight or activation. Where there is a path of AVX-512, it is the
// scalar one compiled so.

/// Blocks `first` to `first + count` of Philox4x32-10's stream, `count` a multiple of 16; four
/// words each.
#define CNN_U32_PHILOX(isa)                                                                        \
  void cnn_u32_philox_##isa(                                                                       \
    uint64_t first, int64_t count, uint64_t stream, uint64_t seed, uint32_t *words);

CNN_U32_PHILOX(scalar)
CNN_U32_PHILOX(avx512)

/// Rounds floats to bfloat16.
void cnn_bf16_round_scalar(const float *floats, int64_t count, uint16_t *halves);
void cnn_bf16_round_avx512(const float *floats, int64_t count, uint16_t *halves);

/// Elements whose word is at least the threshold, scaled; 0 for others.
typedef struct {
  const uint32_t *words;
  uint32_t threshold;
  float scale;
  int64_t count;
  const void *input;
  void *output;
} cnn_dropout;

void cnn_f32_dropout_scalar(const cnn_dropout *task);
void cnn_f32_dropout_avx512(const cnn_dropout *task);
void cnn_bf16_dropout_scalar(const cnn_dropout *task);
void cnn_bf16_dropout_avx512(const cnn_dropout *task);

/// The maximum over windows of an image, or of a block of its channels, and its gradient.
typedef struct {
  /// Channels of a pixel, which lie together: a multiple of 16.
  int64_t channels;
  int64_t height, width, output_height, output_width;
  /// The kernel has at most 256 places.
  int64_t kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x;
  /// `[height][width][channels]`: read, or the gradient that is written.
  void *maps;
  /// `[output_height][output_width][channels]`: the maxima that are written, or their gradient.
  void *results;
  /// As `results`: where in its window each maximum was, in row-major order; null for not to tell.
  uint8_t *places;
} cnn_maxpool;

void cnn_f32_maxpool_blocks_16_wide(const cnn_maxpool *pool);
void cnn_f32_maxpool_blocks_gradient_16_wide(const cnn_maxpool *pool);
void cnn_bf16_maxpool_blocks_16_wide(const cnn_maxpool *pool);
void cnn_bf16_maxpool_blocks_gradient_16_wide(const cnn_maxpool *pool);

/// The gradient by 16 filters of 3×3 over an image of one channel or three.
typedef struct {
  /// `[channels][height][width]`.
  const float *image;
  int64_t channels, height, width;
  int64_t stride, padding_y, padding_x;
  /// By 16 outputs, `[output_height][output_width]` pixels of floats or bfloat16.
  const void *slopes;
  bool is_bfloat16;
  /// Elements from one pixel of the slopes to the next.
  int64_t pixel_stride;
  int64_t output_height, output_width;
  /// `[channels][3][3][16]`, and the sums of the slopes `[16]`: written.
  float *sums;
} cnn_f32_shallow_gradient;

void cnn_f32_shallow_gradient_16_wide(const cnn_f32_shallow_gradient *task);

#ifdef __cplusplus
}
#endif

#endif
