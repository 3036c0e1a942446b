#if defined(__aarch64__)
#include <arm_neon.h>

#include "u8-rounding.h"

// 24 sums, four vectors of weights and a pixel. The dot product multiplies signed by signed bytes:
// pixels are stored less 128, which the bias makes up for like a zero point.
#define CNN_ISA neon
#define CNN_TARGET CNN_NEONDOT
#define CNN_TILE 6x16
#define CNN_PIXELS 6
#define CNN_VECTORS 4
#define CNN_LANES 4
#define CNN_GROUP 4
#define CNN_CHAINS 20
#define CNN_OPAQUE(vector) __asm__ volatile("" : "+w"(vector))

typedef int8_t element;
typedef int32x4_t sums;
typedef int8x16_t multipliers;

CNN_INLINE int8_t convert(uint8_t value) { return (int8_t)(value ^ 0x80); }
CNN_INLINE CNN_TARGET int32x4_t start(const int32_t *bias) { return vld1q_s32(bias); }
CNN_INLINE CNN_TARGET int8x16_t load_weights(const int8_t *w) { return vld1q_s8(w); }
CNN_INLINE CNN_TARGET int8x16_t broadcast(const int8_t *x) {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return vreinterpretq_s8_s32(vdupq_n_s32(four));
}
CNN_INLINE CNN_TARGET int32x4_t multiply(int32x4_t sum, int8x16_t pixel, int8x16_t weights) {
  return vdotq_s32(sum, pixel, weights);
}

CNN_INLINE CNN_TARGET void finish(
  const cnn_u8_conv *t, int32x4_t sum, const int64_t pixel, const int channel) {
  const int64_t left = t->channels - channel, count = left < 4 ? left : 4;
  if (count <= 0) return;
  float32x4_t value = vmulq_f32(vcvtq_f32_s32(sum), vld1q_f32(t->rounding.scale + channel));
  if (t->residual) {
    uint32_t bytes = 0;
    __builtin_memcpy(&bytes, t->residual + pixel * t->residual_stride + channel, (size_t)count);
    const uint16x8_t wide = vmovl_u8(vcreate_u8(bytes));
    const int32x4_t other = vsubq_s32(
      vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(wide))), vdupq_n_s32(t->residual_zero));
    const float32x4_t term = vmulq_n_f32(vcvtq_f32_s32(other), t->residual_scale);
    value = vaddq_f32(value, term);
  }
  value = vmaxq_f32(value, vdupq_n_f32(t->rounding.low));
  value = vminq_f32(value, vdupq_n_f32(t->rounding.high));
  const int64_t place = pixel * t->output_stride + channel;
  if (t->floats) {
    float floats[4];
    vst1q_f32(floats, value);
    __builtin_memcpy(t->floats + place, floats, (size_t)count * 4);
    return;
  }
  const int32x4_t rounded = vaddq_s32(vcvtnq_s32_f32(value), vdupq_n_s32(t->rounding.zero));
  const uint16x4_t words = vqmovun_s32(rounded);
  const uint8x8_t narrow = vqmovn_u16(vcombine_u16(words, words));
  const uint32_t bytes = vget_lane_u32(vreinterpret_u32_u8(narrow), 0);
  __builtin_memcpy(t->output + place, &bytes, (size_t)count);
}
#include "u8-conv.h"
#endif
