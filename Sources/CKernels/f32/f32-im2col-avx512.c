#include "CKernels.h"
#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { lanes = 16 };

// Where the lanes of one vector of output pixels lie in the input, before a tap is added. Lanes of
// one output row are a run: `stride_x` apart in the input.
typedef struct {
  __m512i y, x, index;
  __mmask16 used;
  int runs;
  __mmask16 run[lanes];
  int64_t start[lanes]; // the run's element of lane 0
} pixels;

CNN_INLINE CNN_AVX512 void locate(pixels *p, const cnn_f32_im2col *t, int64_t first) {
  int32_t y[lanes], x[lanes], index[lanes];
  int64_t row = (t->first_pixel + first) / t->output_width;
  int64_t column = (t->first_pixel + first) % t->output_width;
  p->runs = 0;
  for (int lane = 0; lane < lanes; lane++) {
    y[lane] = (int32_t)(row * t->stride_y - t->padding_y);
    x[lane] = (int32_t)(column * t->stride_x - t->padding_x);
    index[lane] = (int32_t)(y[lane] * t->width + x[lane]);
    if (lane == 0 || column == 0) {
      p->start[p->runs] = index[lane] - lane * t->stride_x;
      p->run[p->runs++] = 0;
    }
    p->run[p->runs - 1] |= (__mmask16)(1u << lane);
    if (++column == t->output_width) {
      column = 0;
      row++;
    }
  }
  p->y = _mm512_loadu_si512(y);
  p->x = _mm512_loadu_si512(x);
  p->index = _mm512_loadu_si512(index);
  const int64_t left = t->columns - first;
  p->used = left >= lanes ? 0xFFFF : (__mmask16)((1u << left) - 1);
}

CNN_INLINE CNN_AVX512 void copy_runs(
  const cnn_f32_im2col *t, const pixels *p, __mmask16 inside, int64_t shift, float *to,
  int64_t step) {
  const float *from[lanes];
  __mmask16 mask[lanes];
  int runs = 0;
  for (int r = 0; r < p->runs; r++) {
    mask[runs] = p->run[r] & inside;
    from[runs] = t->input + p->start[r] + shift;
    if (mask[runs]) runs++;
  }
  const int64_t plane = t->channel_stride;
  if (runs == 0) {
    for (int64_t c = 0; c < t->channels; c++) _mm512_storeu_ps(to + c * step, _mm512_setzero_ps());
  } else if (runs == 1) {
    for (int64_t c = 0; c < t->channels; c++) {
      // What the next vector of pixels reads: see prefetch.h.
      __builtin_prefetch(from[0] + c * plane + lanes, 0, 3);
      _mm512_storeu_ps(to + c * step, _mm512_maskz_loadu_ps(mask[0], from[0] + c * plane));
    }
  } else if (runs == 2) {
    for (int64_t c = 0; c < t->channels; c++) {
      __m512 value = _mm512_maskz_loadu_ps(mask[0], from[0] + c * plane);
      value = _mm512_mask_loadu_ps(value, mask[1], from[1] + c * plane);
      _mm512_storeu_ps(to + c * step, value);
    }
  } else {
    for (int64_t c = 0; c < t->channels; c++) {
      __m512 value = _mm512_maskz_loadu_ps(mask[0], from[0] + c * plane);
      for (int r = 1; r < runs; r++)
        value = _mm512_mask_loadu_ps(value, mask[r], from[r] + c * plane);
      _mm512_storeu_ps(to + c * step, value);
    }
  }
}

// Of a run's lanes the elements are `stride` apart, which is 2 or 4: whole vectors with the
// elements between masked out, so that nothing outside of the plane is read, are packed by
// permutations.
CNN_INLINE CNN_AVX512 __m512 load_apart(const float *from, __mmask16 lanes_used, const int stride) {
  if (stride == 2) {
    const uint32_t mask = _pdep_u32(lanes_used, 0x55555555);
    const __m512i even =
      _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    return _mm512_permutex2var_ps(
      _mm512_maskz_loadu_ps((__mmask16)mask, from), even,
      _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), from + 16));
  }
  const uint64_t mask = _pdep_u64(lanes_used, 0x1111111111111111);
  const __m512i fourth =
    _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28);
  const __m512 low = _mm512_permutex2var_ps(
    _mm512_maskz_loadu_ps((__mmask16)mask, from), fourth,
    _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), from + 16));
  const __m512 high = _mm512_permutex2var_ps(
    _mm512_maskz_loadu_ps((__mmask16)(mask >> 32), from + 32), fourth,
    _mm512_maskz_loadu_ps((__mmask16)(mask >> 48), from + 48));
  return _mm512_mask_blend_ps(0xFF00, low, high);
}

CNN_INLINE CNN_AVX512 void copy_apart(
  const cnn_f32_im2col *t, const pixels *p, __mmask16 inside, int64_t shift, float *to,
  int64_t step, const int stride) {
  for (int64_t c = 0; c < t->channels; c++) {
    const float *plane = t->input + c * t->channel_stride + shift;
    __m512 value = _mm512_setzero_ps();
    for (int r = 0; r < p->runs; r++) {
      const __mmask16 mask = p->run[r] & inside;
      if (mask) value = _mm512_or_ps(value, load_apart(plane + p->start[r], mask, stride));
    }
    _mm512_storeu_ps(to + c * step, value);
  }
}

CNN_AVX512 void cnn_f32_im2col_avx512(const cnn_f32_im2col *t) {
  const int64_t step = (t->last_tap - t->first_tap) * t->row_stride;
  const __m512i height = _mm512_set1_epi32((int)t->height);
  const __m512i width = _mm512_set1_epi32((int)t->width);
  for (int64_t first = 0; first < t->row_stride; first += lanes) {
    pixels p;
    locate(&p, t, first);
    int64_t ky = t->first_tap / t->kernel_width, kx = t->first_tap % t->kernel_width;
    float *to = t->output + first;
    for (int64_t tap = t->first_tap; tap < t->last_tap; tap++, to += t->row_stride) {
      const int64_t dy = ky * t->dilation_y, dx = kx * t->dilation_x;
      const int64_t shift = dy * t->width + dx;
      // As unsigned numbers, coordinates before the plane are beyond it too.
      const __m512i y = _mm512_add_epi32(p.y, _mm512_set1_epi32((int)dy));
      const __m512i x = _mm512_add_epi32(p.x, _mm512_set1_epi32((int)dx));
      const __mmask16 inside =
        _mm512_mask_cmplt_epu32_mask(_mm512_mask_cmplt_epu32_mask(p.used, y, height), x, width);
      if (t->stride_x == 1) {
        copy_runs(t, &p, inside, shift, to, step);
      } else if (t->stride_x == 2) {
        copy_apart(t, &p, inside, shift, to, step, 2);
      } else if (t->stride_x == 4) {
        copy_apart(t, &p, inside, shift, to, step, 4);
      } else {
        const float *from = t->input + shift;
        for (int64_t c = 0; c < t->channels; c++, from += t->channel_stride)
          _mm512_storeu_ps(
            to + c * step, _mm512_mask_i32gather_ps(_mm512_setzero_ps(), inside, p.index, from, 4));
      }
      if (++kx == t->kernel_width) {
        kx = 0;
        ky++;
      }
    }
  }
}
#endif
