#include "f32-clamp.h"

enum { rows = 4, lanes = 8 };

void cnn_f32_gemm_4x8_scalar(const cnn_f32_gemm *t) {
  float c[rows][lanes] = {{0}};
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < t->columns; j++) {
      if (t->bias) c[i][j] = t->bias[i];
      else if (i < t->rows) c[i][j] = t->c[i * t->c_stride + j];
    }
  for (int64_t k = 0; k < t->depth; k++) {
    const float *a = t->a + k * rows, *b = t->b + k * t->b_stride;
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < lanes; j++) c[i][j] += a[i] * b[j];
  }
  for (int64_t i = 0; i < t->rows; i++)
    for (int64_t j = 0; j < t->columns; j++) {
      const int64_t place = i * t->c_stride + j;
      float value = c[i][j];
      if (t->residual) value += t->residual[place];
      t->c[place] = clamped(value, t->clamp);
    }
}
