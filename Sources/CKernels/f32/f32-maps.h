// The kernels that a compiler vectorises well from plain loops: element-wise functions, pooling and
// local response normalisation, in builtins rather than <math.h> so that any target can be checked
// without its C library. A file of each ISA includes this once, with
//   CNN_ISA     the suffix of the names,
//   CNN_TARGET  the target attribute, empty for the compiler's baseline.
#include "f32-clamp.h"
#include "../shared/names.h"

// Element-wise.

// eˣ for x from -87.3 to 88.7, NaN for NaN. Range reduction to |r| ≤ ln 2 / 2 with ln 2 in two
// parts, then Cephes' polynomial (S. Moshier, expf): below 2 ULP.
CNN_INLINE CNN_TARGET float exponential(float x) {
  const float magic = 12582912.0f; // 1.5 · 2²³: adding it rounds to an integer in the low bits
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.3f ? 88.3f : x;
  const float shifted = x * 1.44269504088896341f + magic;
  const float n = shifted - magic;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1;
  uint32_t bits;
  __builtin_memcpy(&bits, &shifted, 4);
  bits = (bits << 23) + 0x3F800000u; // magic's own bits leave through the top
  float power;
  __builtin_memcpy(&power, &bits, 4);
  return p * power;
}

CNN_TARGET void CNN_NAME(cnn_f32_maps_clamp_)(const cnn_f32_map *m) {
  const cnn_f32_clamp clamp = m->clamp;
  for (int64_t i = 0; i < m->count; i++) m->output[i] = clamped(m->input[i], clamp);
}

CNN_TARGET void CNN_NAME(cnn_f32_maps_leaky_relu_)(const cnn_f32_map *m) {
  const float slope = m->scale;
  for (int64_t i = 0; i < m->count; i++) {
    const float x = m->input[i];
    m->output[i] = x > 0 ? x : slope * x;
  }
}

CNN_TARGET void CNN_NAME(cnn_f32_maps_sigmoid_)(const cnn_f32_map *m) {
  for (int64_t i = 0; i < m->count; i++) m->output[i] = 1 / (1 + exponential(-m->input[i]));
}

CNN_TARGET void CNN_NAME(cnn_f32_maps_tanh_)(const cnn_f32_map *m) {
  for (int64_t i = 0; i < m->count; i++) {
    const float x = m->input[i], size = __builtin_fabsf(x), square = x * x;
    // Near 0 the difference below would cancel: Cephes' polynomial (tanhf).
    float p = -5.70498872745e-3f;
    p = p * square + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    const float near = p * square * x + x;
    const float far = __builtin_copysignf(1 - 2 / (exponential(2 * size) + 1), x);
    m->output[i] = size < 0.625f ? near : far;
  }
}

CNN_TARGET void CNN_NAME(cnn_f32_maps_scale_)(const cnn_f32_map *m) {
  const float scale = m->scale, shift = m->shift;
  const cnn_f32_clamp clamp = m->clamp;
  for (int64_t i = 0; i < m->count; i++) m->output[i] = clamped(m->input[i] * scale + shift, clamp);
}

CNN_TARGET void CNN_NAME(cnn_f32_maps_add_)(const cnn_f32_map *m) {
  const cnn_f32_clamp clamp = m->clamp;
  for (int64_t i = 0; i < m->count; i++) m->output[i] = clamped(m->input[i] + m->other[i], clamp);
}

// Pooling: each output row reduces its input rows to one, then that row's windows to points.

// The greater, NaN if either is.
CNN_INLINE CNN_TARGET float greater(float a, float b) { return b > a || b != b ? b : a; }

CNN_INLINE CNN_TARGET void reduce_rows(
  const cnn_f32_pool *p, int64_t first, int64_t last, const bool maximum) {
  float *row = p->scratch + p->padding_x;
  for (int64_t y = first; y < last; y++) {
    const float *from = p->input + y * p->width;
    if (y == first) __builtin_memcpy(row, from, (size_t)p->width * sizeof(float));
    else if (maximum)
      for (int64_t x = 0; x < p->width; x++) row[x] = greater(row[x], from[x]);
    else
      for (int64_t x = 0; x < p->width; x++) row[x] += from[x];
  }
}

CNN_INLINE CNN_TARGET void reduce_windows(
  const cnn_f32_pool *p, float *output, const int64_t stride, const bool maximum) {
  const float *row = p->scratch;
  for (int64_t x = 0; x < p->output_width; x++) output[x] = row[x * stride];
  for (int64_t k = 1; k < p->kernel_x; k++)
    for (int64_t x = 0; x < p->output_width; x++) {
      const float value = row[x * stride + k];
      output[x] = maximum ? greater(output[x], value) : output[x] + value;
    }
}

CNN_INLINE CNN_TARGET int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// The elements of a window that count in its mean (PyTorch's avg_pool2d: a window that rounding up
// let hang over the padded edge counts up to that edge).
CNN_INLINE CNN_TARGET int64_t
counted(int64_t start, int64_t kernel, int64_t padding, int64_t size, bool with_padding) {
  const int64_t end = least(start + kernel, size + padding);
  if (with_padding) return end - start;
  return least(end, size) - (start > 0 ? start : 0);
}

CNN_INLINE CNN_TARGET void pool_plane(const cnn_f32_pool *p, const bool maximum) {
  const int64_t length = cnn_f32_pool_scratch(p);
  for (int64_t x = 0; x < length; x++) p->scratch[x] = maximum ? -__builtin_inff() : 0;
  for (int64_t oy = 0; oy < p->output_height; oy++) {
    float *output = p->output + oy * p->output_width;
    const int64_t start = oy * p->stride_y - p->padding_y;
    reduce_rows(p, start > 0 ? start : 0, least(start + p->kernel_y, p->height), maximum);
    if (p->stride_x == 1) reduce_windows(p, output, 1, maximum);
    else if (p->stride_x == 2) reduce_windows(p, output, 2, maximum);
    else reduce_windows(p, output, p->stride_x, maximum);
    if (maximum) continue;
    const bool all = p->count_includes_padding;
    const int64_t rows = counted(start, p->kernel_y, p->padding_y, p->height, all);
    for (int64_t ox = 0; ox < p->output_width; ox++) {
      const int64_t left = ox * p->stride_x - p->padding_x;
      output[ox] /= (float)(rows * counted(left, p->kernel_x, p->padding_x, p->width, all));
    }
  }
}

CNN_TARGET void CNN_NAME(cnn_f32_maps_maxpool_)(const cnn_f32_pool *p) { pool_plane(p, true); }
CNN_TARGET void CNN_NAME(cnn_f32_maps_avgpool_)(const cnn_f32_pool *p) { pool_plane(p, false); }

// Local response normalisation.

CNN_TARGET void CNN_NAME(cnn_f32_maps_lrn_)(const cnn_f32_lrn *n) {
  const int64_t half = n->size / 2;
  const float alpha = n->alpha / (float)n->size;
  for (int64_t c = 0; c < n->channels; c++) {
    for (int64_t i = 0; i < n->pixels; i++) n->scratch[i] = 0;
    const int64_t first = c > half ? c - half : 0;
    for (int64_t other = first; other <= c + half && other < n->channels; other++) {
      const float *x = n->input + other * n->input_stride;
      for (int64_t i = 0; i < n->pixels; i++) n->scratch[i] += x[i] * x[i];
    }
    const float *x = n->input + c * n->input_stride;
    float *y = n->output + c * n->output_stride;
    if (n->beta == 0.75f)
      for (int64_t i = 0; i < n->pixels; i++) {
        const float root = __builtin_sqrtf(n->k + alpha * n->scratch[i]);
        y[i] = x[i] / (root * __builtin_sqrtf(root));
      }
    else
      for (int64_t i = 0; i < n->pixels; i++)
        y[i] = x[i] * __builtin_powf(n->k + alpha * n->scratch[i], -n->beta);
  }
}
