#ifndef CKERNELS_INT8_H
#define CKERNELS_INT8_H

// Kernels over uint8 activations [pixel][channel] and int8 weights. Sums are integers and exact;
// each float operation is one IEEE operation in the order written here, never contracted, so that
// every instruction set gives the same bits:
//
//   value = (float)sum * scale[c]
//   value = value + (float)(residual - residual_zero) * residual_scale        where there is one
//   value = min(max(value, low), high)
//   output = round_half_to_even(value) + zero
//
// with low and high integers, -zero or more and 255 - zero, so that rounding stays between them.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a sum becomes a value.
typedef struct {
  /// A factor for each channel.
  const float *scale;
  float low, high;
  int32_t zero;
} cnn_u8_rounding;

/// As many output pixels of each of some rows, by up to `channels` of a panel's filters.
typedef struct {
  /// The first pixel's window in an image that `cnn_u8_conv_pad_…` has prepared for the kernel.
  const void *input;
  /// Elements from one pixel's window to the next one's, and from one row's first to the next
  /// one's.
  int64_t pixel_stride, row_stride;
  /// Elements from `input` to each of the contiguous runs that a window consists of.
  const int64_t *runs;
  int64_t run_count;
  /// Groups of elements that are multiplied in a run, a multiple of what the kernel takes at a
  /// time; the last ones may reach past it, into weights of 0.
  int64_t run_groups;
  /// A panel `[run][group][panel's channels][group's elements]`.
  const int8_t *weights;
  /// `[panel's channels]`: what sums start from.
  const int32_t *bias;
  /// Of the panel's channels, too.
  cnn_u8_rounding rounding;
  /// The first pixel's first channel, and elements from pixel to pixel; one of the two is null.
  uint8_t *output;
  float *floats;
  int64_t output_stride;
  /// Added at the end, laid out with a stride of its own; null for none.
  const uint8_t *residual;
  int64_t residual_stride;
  int32_t residual_zero;
  float residual_scale;
  int64_t rows, pixels, channels;
  /// Pixels of the output and the residual from one row's first to the next one's.
  int64_t pitch;
} cnn_u8_conv;

/// Copies rows of an image into a larger one, whose border holds the zero point.
typedef struct {
  /// The first row `[width][channels]`; null for a row that is all border.
  const uint8_t *input;
  /// `[left + width + right][channels]` in elements of the convolution's kernel.
  void *output;
  int64_t width, channels, left, right;
  uint8_t zero;
} cnn_u8_pad;

/// Inner products of rows of weights, where they lie, with vectors.
typedef struct {
  /// `[rows][weight_stride]`.
  const int8_t *weights;
  /// `[images][input_stride]`.
  const uint8_t *inputs;
  /// `[rows]`.
  const int32_t *bias;
  cnn_u8_rounding rounding;
  /// `[images][output_stride]`; one of the two is null.
  uint8_t *output;
  float *floats;
  int64_t weight_stride, input_stride, output_stride, depth, rows, images;
} cnn_u8_dot;

/// The same for many vectors, which `cnn_u8_product_pack_…` has prepared.
typedef struct {
  /// `weights`, `bias`, `rounding` and the outputs as in `cnn_u8_dot`; `inputs` is not read.
  cnn_u8_dot dot;
  /// `[images / 16][depth / 4][16][4]`: sixteen images' elements, four at a time, with zeros for
  /// images that are not, and for elements up to a whole step of the kernel.
  const uint8_t *packed;
} cnn_u8_product;

/// Up to sixteen images of a product.
typedef struct {
  /// `[images][input_stride]`.
  const uint8_t *inputs;
  /// `[depth / 4][16][4]`, a whole number of the kernel's steps.
  uint8_t *packed;
  int64_t input_stride, depth, images;
} cnn_u8_pack_images;

/// Element-wise functions over `[pixels][channels]`, with strides from pixel to pixel.
typedef struct {
  /// `quantize` reads planes: `[channels][plane_stride]`; `dequantize` and `planes` write them.
  const float *floats;
  float *planes;
  int64_t plane_stride;
  /// `planes` reads floats in the input's layout, `transpose` writes bytes in planes.
  const uint8_t *input;
  uint8_t *output;
  int64_t input_stride, output_stride, pixels, channels;
  /// `dequantize`: (input - input_zero) · scale. `quantize`: scale is the divisor.
  int32_t input_zero;
  float scale;
  /// `scale`: (input - input_zero) · factors[c] + shifts[c].
  const float *factors;
  const float *shifts;
  /// `lookup`: 256 results.
  const uint8_t *table;
  cnn_u8_rounding rounding;
} cnn_u8_map;

/// The rounded sum of `count` values of `elements` each: Σ (input - zero) · scale, first to last.
typedef struct {
  const uint8_t *const *inputs;
  const float *scales;
  const int32_t *zeros;
  uint8_t *output;
  int64_t count, elements;
  cnn_u8_rounding rounding;
} cnn_u8_add;

/// One output pixel of a pooling.
typedef struct {
  /// The first pixel of the part of the window that lies in the image.
  const uint8_t *input;
  uint8_t *output;
  int64_t rows, columns, row_stride, channels;
  /// Averages: round((Σ input - rows · columns · input_zero) · scale).
  int32_t input_zero;
  float scale;
  cnn_u8_rounding rounding;
  /// Averages: `channels` integers.
  int32_t *scratch;
} cnn_u8_window;

/// One filter's way into its lane of a panel.
typedef struct {
  /// `[channels][taps]`.
  const int8_t *filter;
  /// The lane's bytes of the first group, `group_stride` from those of the next.
  int8_t *lane;
  int64_t taps, channels;
  /// Runs of `run_taps` taps each, whose elements are `[tap][channel]`.
  int64_t runs, run_taps;
  /// Elements of a group.
  int64_t group, group_stride;
  /// Bytes from a run's first group to the next one's.
  int64_t run_stride;
} cnn_s8_pack;

/// Packs a filter and returns the sum of its weights.
int32_t cnn_s8_pack_scalar(const cnn_s8_pack *pack);

/// The products of a round of `cnn_u8_conv_peak_…`, which runs `rounds` of them that wait for no
/// other and returns their sum modulo 2³², every product being 1.
enum {
  cnn_u8_peak_scalar_width = 2 * 8 * 4,
  cnn_u8_peak_avx2_width = 12 * 8 * 2,
  cnn_u8_peak_avx512_width = 12 * 16 * 2,
  cnn_u8_peak_avx512vnni_width = 12 * 16 * 4,
  cnn_u8_peak_avx512amx_width = 4 * 16 * 16 * 64,
  cnn_u8_peak_neon_width = 20 * 4 * 4,
};

#define CNN_U8(isa, conv, dot)                                                                     \
  int32_t cnn_u8_conv_peak_##conv##_##isa(int64_t rounds);                                         \
  void cnn_u8_conv_##conv##_##isa(const cnn_u8_conv *tile);                                        \
  void cnn_u8_conv_pad_##conv##_##isa(const cnn_u8_pad *row);                                      \
  void cnn_u8_dot_##dot##_##isa(const cnn_u8_dot *tile);

#define CNN_U8_MAPS(isa)                                                                           \
  void cnn_u8_maps_quantize_##isa(const cnn_u8_map *map);                                          \
  void cnn_u8_maps_dequantize_##isa(const cnn_u8_map *map);                                        \
  void cnn_u8_maps_planes_##isa(const cnn_u8_map *map);                                            \
  void cnn_u8_maps_transpose_##isa(const cnn_u8_map *map);                                         \
  void cnn_u8_maps_lookup_##isa(const cnn_u8_map *map);                                            \
  void cnn_u8_maps_scale_##isa(const cnn_u8_map *map);                                             \
  void cnn_u8_maps_add_##isa(const cnn_u8_add *sum);                                               \
  void cnn_u8_maps_maximum_##isa(const cnn_u8_window *window);                                     \
  void cnn_u8_maps_average_##isa(const cnn_u8_window *window);

CNN_U8(scalar, 4x8, 1x1)
CNN_U8(avx2, 6x16, 2x4)
CNN_U8(avx512, 12x32, 4x4)
CNN_U8(avx512vnni, 14x32, 4x6)
CNN_U8(neon, 6x16, 4x4)

int32_t cnn_u8_conv_peak_32x32_avx512amx(int64_t rounds);
void cnn_u8_conv_32x32_avx512amx(const cnn_u8_conv *tile);
void cnn_u8_product_32x32_avx512amx(const cnn_u8_product *tile);
void cnn_u8_product_pack_32x32_avx512amx(const cnn_u8_pack_images *images);
void cnn_u8_product_14x32_avx512vnni(const cnn_u8_product *tile);
void cnn_u8_product_pack_14x32_avx512vnni(const cnn_u8_pack_images *images);

CNN_U8_MAPS(scalar)
CNN_U8_MAPS(avx2)
CNN_U8_MAPS(avx512)
CNN_U8_MAPS(neon)

#ifdef __cplusplus
}
#endif

#endif
