#include "CKernels.h"
#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

// 12 sums, two vectors of B and a broadcast of A: 15 of 16 registers.
enum { rows = 6, lanes = 8 };

CNN_INLINE CNN_AVX2 __m256i first_lanes(int64_t count) {
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), index);
}

CNN_INLINE CNN_AVX2 void sum(const cnn_f32_gemm *t, const int vectors) {
  const int64_t tail = t->columns - lanes * (vectors - 1);
  const __m256i last = first_lanes(tail);
  __m256 c[rows][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const float *from = t->c + i * t->c_stride + v * lanes;
      if (t->bias) c[i][v] = _mm256_set1_ps(t->bias[i]);
      else if (i >= t->rows) c[i][v] = _mm256_setzero_ps();
      else if (v < vectors - 1) c[i][v] = _mm256_loadu_ps(from);
      else c[i][v] = _mm256_maskload_ps(from, last);
    }
  const float *a = t->a, *b = t->b;
  for (int64_t k = t->depth; k > 0; k--) {
    __m256 row[2];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) row[v] = _mm256_loadu_ps(b + v * lanes);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      const __m256 weight = _mm256_broadcast_ss(a + i);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) c[i][v] = _mm256_fmadd_ps(weight, row[v], c[i][v]);
    }
    a += rows;
    b += t->b_stride;
  }
  const __m256 lower = _mm256_set1_ps(t->clamp.lower), upper = _mm256_set1_ps(t->clamp.upper);
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    if (i >= t->rows) break;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const bool whole = v < vectors - 1 || tail == lanes;
      const int64_t place = i * t->c_stride + v * lanes;
      __m256 value = c[i][v];
      if (t->residual) {
        const float *from = t->residual + place;
        value =
          _mm256_add_ps(value, whole ? _mm256_loadu_ps(from) : _mm256_maskload_ps(from, last));
      }
      // The second operand is what a comparison with NaN gives.
      value = _mm256_min_ps(upper, _mm256_max_ps(lower, value));
      // A masked store is many times slower than a plain one on AMD.
      if (whole) _mm256_storeu_ps(t->c + place, value);
      else _mm256_maskstore_ps(t->c + place, last, value);
    }
  }
}

CNN_AVX2 void cnn_f32_gemm_6x16_avx2(const cnn_f32_gemm *tile) {
  if (tile->columns > lanes) sum(tile, 2);
  else sum(tile, 1);
}
#endif
