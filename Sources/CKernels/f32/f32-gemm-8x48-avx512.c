#include "CKernels.h"
#include "../shared/prefetch.h"
#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

// 24 sums, three vectors of B and a broadcast operand of A fill the 32 registers; a step of depth
// is 24 FMAs on 11 loads.
enum { rows = 8, lanes = 16 };

CNN_INLINE CNN_AVX512 void ask_for_row(const cnn_f32_gemm *t, const int row, const int vectors) {
  if (row >= t->rows) return;
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) ask_for(t->c, t->residual, row * t->c_stride + v * lanes);
}

CNN_INLINE CNN_AVX512 void sum(const cnn_f32_gemm *t, const int vectors) {
  const int64_t tail = t->columns - lanes * (vectors - 1);
  const __mmask16 last = (__mmask16)((1u << tail) - 1);
  __m512 c[rows][3];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const __mmask16 mask = v == vectors - 1 ? last : 0xFFFF;
      if (t->bias) c[i][v] = _mm512_set1_ps(t->bias[i]);
      else if (i < t->rows)
        c[i][v] = _mm512_maskz_loadu_ps(mask, t->c + i * t->c_stride + v * lanes);
      else c[i][v] = _mm512_setzero_ps();
    }
  const float *a = t->a, *b = t->b, *next = t->next;
  for (int part = 0; part < rows; part++) {
    ask_for_row(t, part, vectors);
    for (int64_t k = t->depth * part / rows; k < t->depth * (part + 1) / rows; k++) {
      __m512 row[3];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) row[v] = _mm512_loadu_ps(b + v * lanes);
      __builtin_prefetch(next, 0, 2);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        const __m512 weight = _mm512_set1_ps(a[i]);
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) c[i][v] = _mm512_fmadd_ps(weight, row[v], c[i][v]);
      }
      a += rows;
      b += t->b_stride;
      next += t->next_step;
    }
  }
  const __m512 lower = _mm512_set1_ps(t->clamp.lower), upper = _mm512_set1_ps(t->clamp.upper);
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    if (i >= t->rows) break;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const __mmask16 mask = v == vectors - 1 ? last : 0xFFFF;
      const int64_t place = i * t->c_stride + v * lanes;
      __m512 value = c[i][v];
      if (t->residual)
        value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, t->residual + place));
      // The second operand is what a comparison with NaN gives.
      value = _mm512_min_ps(upper, _mm512_max_ps(lower, value));
      _mm512_mask_storeu_ps(t->c + place, mask, value);
    }
  }
}

CNN_AVX512 void cnn_f32_gemm_8x48_avx512(const cnn_f32_gemm *tile) {
  if (tile->columns > 32) sum(tile, 3);
  else if (tile->columns > 16) sum(tile, 2);
  else sum(tile, 1);
}
#endif
