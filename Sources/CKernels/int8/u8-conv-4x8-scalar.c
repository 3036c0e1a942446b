#include "u8-rounding.h"

// Plain C: the truth of the other instruction sets. Sums are unsigned, so that they may wrap on
// their way; a plan makes sure that they end in range.
#define CNN_ISA scalar
#define CNN_TARGET
#define CNN_TILE 4x8
#define CNN_PIXELS 4
#define CNN_VECTORS 1
#define CNN_LANES 8
#define CNN_GROUP 4
#define CNN_CHAINS 2
#define CNN_OPAQUE(vector) __asm__ volatile("" : "+r"(vector.pixel)::"memory")

typedef uint8_t element;
typedef struct {
  uint32_t lane[CNN_LANES];
} sums;
typedef struct {
  int8_t byte[CNN_LANES * CNN_GROUP];
  const uint8_t *pixel;
} multipliers;

CNN_INLINE uint8_t convert(uint8_t value) { return value; }
CNN_INLINE sums start(const int32_t *bias) {
  sums result;
  __builtin_memcpy(&result, bias, sizeof result);
  return result;
}
CNN_INLINE multipliers load_weights(const int8_t *w) {
  multipliers result = {.pixel = 0};
  __builtin_memcpy(result.byte, w, sizeof result.byte);
  return result;
}
CNN_INLINE multipliers broadcast(const uint8_t *x) {
  multipliers result = {.pixel = x};
  return result;
}
CNN_INLINE sums multiply(sums sum, multipliers pixel, multipliers weights) {
  for (int lane = 0; lane < CNN_LANES; lane++)
    for (int i = 0; i < CNN_GROUP; i++)
      sum.lane[lane] += (uint32_t)(pixel.pixel[i] * weights.byte[lane * CNN_GROUP + i]);
  return sum;
}

CNN_INLINE void finish(const cnn_u8_conv *t, sums sum, const int64_t pixel, const int channel) {
  for (int lane = 0; lane < CNN_LANES && channel + lane < t->channels; lane++) {
    const int64_t place = channel + lane;
    float value = (float)(int32_t)sum.lane[lane] * t->rounding.scale[place];
    if (t->residual) {
      const int32_t other = t->residual[pixel * t->residual_stride + place] - t->residual_zero;
      value = value + (float)other * t->residual_scale;
    }
    if (t->floats) t->floats[pixel * t->output_stride + place] = u8_limited(value, &t->rounding);
    else t->output[pixel * t->output_stride + place] = u8_rounded(value, &t->rounding);
  }
}
#include "u8-conv.h"
