#ifndef CKERNELS_F32_H
#define CKERNELS_F32_H

// Kernels over floats in planes, `[channel][height][width]`, but where said otherwise.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How results end.

/// The range that a result is brought into before it is stored: min(max(x, lower), upper). NaN
/// stays NaN. With −∞ and ∞ every result keeps its bits. A −0 that meets a lower bound of 0 may
/// keep its sign.
typedef struct {
  float lower, upper;
} cnn_f32_clamp;

// C[rows × columns] (+)= A[rows × depth] · B[depth × columns], with a fused start and end.

typedef struct {
  /// A packed panel `[depth][MR]`; rows past `rows` are zeros.
  const float *a;
  /// `[depth][b_stride]`; every row holds whole vectors, the columns past `columns` being ignored.
  const float *b;
  /// `[rows][c_stride]`.
  float *c;
  /// `[MR]`: what sums start from, or null to go on from `c`.
  const float *bias;
  /// Added to the sums at the end, laid out as `c`; null for none.
  const float *residual;
  int64_t depth, b_stride, c_stride, rows, columns;
  /// Floats that a later call reads as A, asked for ahead: from here, and from `next_step` floats
  /// on for each further row of depth. A kernel may leave it to the CPU.
  const float *next;
  int64_t next_step;
  /// Of the sums at the end.
  cnn_f32_clamp clamp;
} cnn_f32_gemm;

void cnn_f32_gemm_4x8_scalar(const cnn_f32_gemm *tile);
void cnn_f32_gemm_6x16_avx2(const cnn_f32_gemm *tile);
void cnn_f32_gemm_8x48_avx512(const cnn_f32_gemm *tile);
void cnn_f32_gemm_8x12_neon(const cnn_f32_gemm *tile);

// The rows of B that a convolution's windows over some output pixels make.

typedef struct {
  /// The first channel's plane `[height][width]`.
  const float *input;
  int64_t channel_stride, height, width;
  int64_t output_width, kernel_width;
  int64_t stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x;
  /// Channels from `input` on; the taps of each, in row-major order of the kernel.
  int64_t channels, first_tap, last_tap;
  /// The first output pixel, in row-major order of the output plane, and the number of them.
  int64_t first_pixel, columns;
  /// `[channels][taps][row_stride]`; what is past `columns` becomes zeros.
  float *output;
  int64_t row_stride;
} cnn_f32_im2col;

void cnn_f32_im2col_scalar(const cnn_f32_im2col *tile);
void cnn_f32_im2col_avx2(const cnn_f32_im2col *tile);
void cnn_f32_im2col_avx512(const cnn_f32_im2col *tile);

// Winograd's minimal filtering, and products of pixels by channels. A vector holds output or input
// channels, `lanes` of them; a tile makes m × m output pixels from an α × α window, α = m + r − 1
// for a kernel of r × r. A point is one of the α² places of a transformed window. With m = r = 1
// the transforms only change the layout: the product of a 1×1 convolution.

typedef struct {
  /// The first of up to `lanes` channels' planes `[height][width]`.
  const float *input;
  int64_t channel_stride, channels, height, width;
  /// m and r, and the pixels from one output to the next, which only m = r = 1 lets be more than 1.
  int64_t output_tile, kernel, stride;
  /// The input's row and column where the first window starts; negative in padding.
  int64_t first_row, first_column;
  /// Tiles of this call in row-major order.
  int64_t tile_rows, tile_columns;
  /// `[α²][point_stride]`, of which the first `tiles × lanes` floats are written.
  float *output;
  int64_t point_stride;
  /// `(tile_rows · m + r − 1) · (tile_columns · m + r − 1) · lanes` floats.
  float *scratch;
} cnn_f32_winograd_input;

/// C[rows × columns] = A[rows × depth] · B[depth × columns].
typedef struct {
  /// `[depth / lanes][a_stride]`, of which each `[rows][lanes]` are read; whole vectors.
  const float *a;
  /// `[depth][vectors · lanes]`.
  const float *b;
  /// `[rows][c_stride]`.
  float *c;
  int64_t a_stride, c_stride, depth, rows, vectors;
  /// Floats that a later call reads as B, asked for ahead: a row's vectors from here, and from
  /// `next_step` floats on for each further row of this call's B.
  const float *next;
  int64_t next_step;
  /// `planes` places, `plane_stride` floats apart, that will be written after this, and read of a
  /// residual, unless that is null: asked for, too, since another core may have them.
  float *written;
  const float *residual;
  int64_t planes, plane_stride;
} cnn_f32_winograd_gemm;

typedef struct {
  /// `[α²][point_stride]`, of which `[tiles][tile_stride]` hold a vector of channels each.
  const float *input;
  int64_t point_stride, tile_stride;
  int64_t output_tile, kernel;
  /// `[lanes]`.
  const float *bias;
  /// The first of `channels` planes `[height][width]`; rows from `first_row` on are written.
  float *output;
  /// Added at the end, laid out as the output; null for none.
  const float *residual;
  int64_t channel_stride, channels, height, width, first_row, tile_rows, tile_columns;
  cnn_f32_clamp clamp;
  /// `tile_rows · m · width · lanes` floats.
  float *scratch;
} cnn_f32_winograd_output;

/// `G g Gᵀ` of the filters of up to `lanes` output channels for one input channel.
typedef struct {
  /// The first filter `[r][r]`; the other output channels' are `filter_stride` apart.
  const float *filters;
  int64_t filter_stride, channels, output_tile, kernel;
  /// `[lanes]`: a factor of each filter.
  const double *scale;
  /// G, `[α][r]`.
  const double *matrix;
  /// `[α²][point_stride]`, of which a vector each is written; channels that are not become zeros.
  float *output;
  int64_t point_stride;
} cnn_f32_winograd_weights;

#define CNN_F32_WINOGRAD(tile, isa)                                                                \
  void cnn_f32_winograd_input_##tile##_##isa(const cnn_f32_winograd_input *tiles);                 \
  void cnn_f32_winograd_gemm_##tile##_##isa(const cnn_f32_winograd_gemm *product);                 \
  void cnn_f32_winograd_output_##tile##_##isa(const cnn_f32_winograd_output *tiles);               \
  void cnn_f32_winograd_weights_##tile##_##isa(const cnn_f32_winograd_weights *filters);

CNN_F32_WINOGRAD(6x16, avx2)
CNN_F32_WINOGRAD(14x32, avx512)
CNN_F32_WINOGRAD(12x8, neon)

// Inner products of rows of weights, where they lie, with vectors.

typedef struct {
  /// `[rows][weight_stride]`.
  const float *weights;
  /// `[images][input_stride]`.
  const float *inputs;
  /// `[rows]`.
  const float *bias;
  /// `[images][output_stride]`.
  float *output;
  int64_t weight_stride, input_stride, output_stride, depth, rows, images;
  cnn_f32_clamp clamp;
} cnn_f32_dot;

void cnn_f32_dot_1x1_scalar(const cnn_f32_dot *tile);
void cnn_f32_dot_4x2_avx2(const cnn_f32_dot *tile);
void cnn_f32_dot_4x6_avx512(const cnn_f32_dot *tile);
void cnn_f32_dot_4x4_neon(const cnn_f32_dot *tile);

// Pooling of one plane.

typedef struct {
  const float *input;
  float *output;
  int64_t height, width, output_height, output_width;
  int64_t kernel_y, kernel_x, stride_y, stride_x, padding_y, padding_x;
  /// Average pooling: whether padding counts in the divisor.
  bool count_includes_padding;
  /// `cnn_f32_pool_scratch` floats.
  float *scratch;
} cnn_f32_pool;

/// The floats of scratch that a pooling needs: one padded input row.
static inline int64_t cnn_f32_pool_scratch(const cnn_f32_pool *pool) {
  const int64_t windows = (pool->output_width - 1) * pool->stride_x + pool->kernel_x;
  const int64_t row = pool->padding_x + pool->width;
  return windows > row ? windows : row;
}

// Element-wise functions over `count` contiguous elements; `output` may be `input`.

typedef struct {
  const float *input;
  /// The other summand of `add`.
  const float *other;
  float *output;
  int64_t count;
  /// Of `scale`: `scale · x + shift`. Of `leaky_relu`: the factor of negative elements.
  float scale, shift;
  /// Of `clamp`, `scale` and `add`.
  cnn_f32_clamp clamp;
} cnn_f32_map;

// Local response normalisation of some pixels of all channels.

typedef struct {
  /// `[channels][channel_stride]`, of which the first `pixels` of each channel.
  const float *input;
  float *output;
  int64_t input_stride, output_stride, channels, pixels, size;
  float alpha, beta, k;
  /// `pixels` floats.
  float *scratch;
} cnn_f32_lrn;

#define CNN_F32_MAPS(isa)                                                                          \
  void cnn_f32_maps_clamp_##isa(const cnn_f32_map *map);                                           \
  void cnn_f32_maps_leaky_relu_##isa(const cnn_f32_map *map);                                      \
  void cnn_f32_maps_sigmoid_##isa(const cnn_f32_map *map);                                         \
  void cnn_f32_maps_tanh_##isa(const cnn_f32_map *map);                                            \
  void cnn_f32_maps_scale_##isa(const cnn_f32_map *map);                                           \
  void cnn_f32_maps_add_##isa(const cnn_f32_map *map);                                             \
  void cnn_f32_maps_maxpool_##isa(const cnn_f32_pool *pool);                                       \
  void cnn_f32_maps_avgpool_##isa(const cnn_f32_pool *pool);                                       \
  void cnn_f32_maps_lrn_##isa(const cnn_f32_lrn *lrn);

/// Sixteen windows at a time.
void cnn_f32_maxpool_16_avx512(const cnn_f32_pool *pool);

CNN_F32_MAPS(scalar)
CNN_F32_MAPS(avx2)
CNN_F32_MAPS(avx512)
CNN_F32_MAPS(neon)

#ifdef __cplusplus
}
#endif

#endif
