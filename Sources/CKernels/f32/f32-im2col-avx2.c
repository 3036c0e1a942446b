#include "CKernels.h"
#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { lanes = 8 };

// Where the lanes of one vector of output pixels lie in the input, before a tap is added. Lanes of
// one output row are a run: contiguous in the input if the stride is 1.
typedef struct {
  __m256i y, x, index, used;
  int runs;
  int32_t run[lanes][lanes];
  int64_t start[lanes]; // the run's element of lane 0
} pixels;

CNN_INLINE CNN_AVX2 void locate(pixels *p, const cnn_f32_im2col *t, int64_t first) {
  int32_t y[lanes], x[lanes], index[lanes], used[lanes];
  int64_t row = (t->first_pixel + first) / t->output_width;
  int64_t column = (t->first_pixel + first) % t->output_width;
  p->runs = 0;
  for (int lane = 0; lane < lanes; lane++) {
    y[lane] = (int32_t)(row * t->stride_y - t->padding_y);
    x[lane] = (int32_t)(column * t->stride_x - t->padding_x);
    index[lane] = (int32_t)(y[lane] * t->width + x[lane]);
    used[lane] = first + lane < t->columns ? -1 : 0;
    if (lane == 0 || column == 0) {
      for (int l = 0; l < lanes; l++) p->run[p->runs][l] = 0;
      p->start[p->runs++] = y[lane] * t->width + x[lane] - lane;
    }
    p->run[p->runs - 1][lane] = -1;
    if (++column == t->output_width) {
      column = 0;
      row++;
    }
  }
  p->y = _mm256_loadu_si256((const __m256i *)y);
  p->x = _mm256_loadu_si256((const __m256i *)x);
  p->index = _mm256_loadu_si256((const __m256i *)index);
  p->used = _mm256_loadu_si256((const __m256i *)used);
}

// Lanes of 0 ≤ value < limit.
CNN_INLINE CNN_AVX2 __m256i within(__m256i value, __m256i limit) {
  return _mm256_andnot_si256(
    _mm256_cmpgt_epi32(_mm256_setzero_si256(), value), _mm256_cmpgt_epi32(limit, value));
}

CNN_INLINE CNN_AVX2 void copy_runs(
  const cnn_f32_im2col *t, const pixels *p, __m256i inside, int64_t shift, float *to,
  int64_t step) {
  const int64_t plane = t->channel_stride;
  for (int r = 0; r < p->runs; r++) {
    const __m256i run = _mm256_loadu_si256((const __m256i *)p->run[r]);
    const __m256i mask = _mm256_and_si256(run, inside);
    const float *from = t->input + p->start[r] + shift;
    if (r == 0)
      for (int64_t c = 0; c < t->channels; c++)
        _mm256_storeu_ps(to + c * step, _mm256_maskload_ps(from + c * plane, mask));
    else if (!_mm256_testz_si256(mask, mask))
      for (int64_t c = 0; c < t->channels; c++)
        _mm256_storeu_ps(
          to + c * step,
          _mm256_or_ps(_mm256_loadu_ps(to + c * step), _mm256_maskload_ps(from + c * plane, mask)));
  }
}

CNN_AVX2 void cnn_f32_im2col_avx2(const cnn_f32_im2col *t) {
  const int64_t step = (t->last_tap - t->first_tap) * t->row_stride;
  const __m256i height = _mm256_set1_epi32((int)t->height);
  const __m256i width = _mm256_set1_epi32((int)t->width);
  for (int64_t first = 0; first < t->row_stride; first += lanes) {
    pixels p;
    locate(&p, t, first);
    int64_t ky = t->first_tap / t->kernel_width, kx = t->first_tap % t->kernel_width;
    float *to = t->output + first;
    for (int64_t tap = t->first_tap; tap < t->last_tap; tap++, to += t->row_stride) {
      const int64_t dy = ky * t->dilation_y, dx = kx * t->dilation_x;
      const int64_t shift = dy * t->width + dx;
      const __m256i y = _mm256_add_epi32(p.y, _mm256_set1_epi32((int)dy));
      const __m256i x = _mm256_add_epi32(p.x, _mm256_set1_epi32((int)dx));
      const __m256i inside =
        _mm256_and_si256(p.used, _mm256_and_si256(within(y, height), within(x, width)));
      if (t->stride_x == 1) {
        copy_runs(t, &p, inside, shift, to, step);
      } else {
        const float *from = t->input + shift;
        for (int64_t c = 0; c < t->channels; c++, from += t->channel_stride)
          _mm256_storeu_ps(
            to + c * step,
            _mm256_mask_i32gather_ps(
              _mm256_setzero_ps(), from, p.index, _mm256_castsi256_ps(inside), 4));
      }
      if (++kx == t->kernel_width) {
        kx = 0;
        ky++;
      }
    }
  }
}
#endif
