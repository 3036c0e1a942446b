#include "CKernels.h"
#include "../shared/targets.h"

#if defined(__aarch64__)
#include <arm_neon.h>

// 24 sums, three vectors of B and two of A: 29 of 32 registers.
enum { rows = 8, lanes = 4 };

// Up to four floats, the rest zeros.
CNN_INLINE float32x4_t load(const float *from, int64_t count) {
  if (count >= lanes) return vld1q_f32(from);
  float buffer[lanes] = {0};
  for (int64_t j = 0; j < count; j++) buffer[j] = from[j];
  return vld1q_f32(buffer);
}

CNN_INLINE void store(float *to, float32x4_t value, int64_t count) {
  if (count >= lanes) {
    vst1q_f32(to, value);
    return;
  }
  float buffer[lanes];
  vst1q_f32(buffer, value);
  for (int64_t j = 0; j < count; j++) to[j] = buffer[j];
}

CNN_INLINE void sum(const cnn_f32_gemm *t, const int vectors) {
  float32x4_t c[rows][3];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const int64_t left = t->columns - v * lanes;
      if (t->bias) c[i][v] = vdupq_n_f32(t->bias[i]);
      else if (i < t->rows) c[i][v] = load(t->c + i * t->c_stride + v * lanes, left);
      else c[i][v] = vdupq_n_f32(0);
    }
  const float *a = t->a, *b = t->b;
  for (int64_t k = t->depth; k > 0; k--) {
    const float32x4_t low = vld1q_f32(a), high = vld1q_f32(a + lanes);
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const float32x4_t row = vld1q_f32(b + v * lanes);
      c[0][v] = vfmaq_laneq_f32(c[0][v], row, low, 0);
      c[1][v] = vfmaq_laneq_f32(c[1][v], row, low, 1);
      c[2][v] = vfmaq_laneq_f32(c[2][v], row, low, 2);
      c[3][v] = vfmaq_laneq_f32(c[3][v], row, low, 3);
      c[4][v] = vfmaq_laneq_f32(c[4][v], row, high, 0);
      c[5][v] = vfmaq_laneq_f32(c[5][v], row, high, 1);
      c[6][v] = vfmaq_laneq_f32(c[6][v], row, high, 2);
      c[7][v] = vfmaq_laneq_f32(c[7][v], row, high, 3);
    }
    a += rows;
    b += t->b_stride;
  }
  const float32x4_t lower = vdupq_n_f32(t->clamp.lower), upper = vdupq_n_f32(t->clamp.upper);
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    if (i >= t->rows) break;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const int64_t left = t->columns - v * lanes, place = i * t->c_stride + v * lanes;
      float32x4_t value = c[i][v];
      if (t->residual) value = vaddq_f32(value, load(t->residual + place, left));
      value = vminq_f32(vmaxq_f32(value, lower), upper);
      store(t->c + place, value, left);
    }
  }
}

void cnn_f32_gemm_8x12_neon(const cnn_f32_gemm *tile) {
  if (tile->columns > 8) sum(tile, 3);
  else if (tile->columns > 4) sum(tile, 2);
  else sum(tile, 1);
}
#endif
