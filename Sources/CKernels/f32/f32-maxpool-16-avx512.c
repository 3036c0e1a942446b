#include "CKernels.h"
#include "../shared/targets.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { lanes = 16 };

// The windows of 16 output columns side by side, from column `left` of the input on: the lanes
// whose window has its element `kx` inside the plane.
CNN_INLINE CNN_AVX512 __mmask16 inside(const cnn_f32_pool *p, int64_t left, int64_t count) {
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i x = _mm512_add_epi32(
    _mm512_mullo_epi32(lane, _mm512_set1_epi32((int)p->stride_x)), _mm512_set1_epi32((int)left));
  // As an unsigned number, a column before the plane is beyond it too.
  return _mm512_mask_cmplt_epu32_mask(
    (__mmask16)((1u << count) - 1), x, _mm512_set1_epi32((int)p->width));
}

CNN_INLINE CNN_AVX512 __m512 load(const float *from, __mmask16 mask, const int stride) {
  const __m512 least = _mm512_set1_ps(-__builtin_inff());
  if (stride == 1) return _mm512_mask_loadu_ps(least, mask, from);
  const uint32_t wide = _pdep_u32(mask, 0x55555555);
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  return _mm512_permutex2var_ps(
    _mm512_mask_loadu_ps(least, (__mmask16)wide, from), even,
    _mm512_mask_loadu_ps(least, (__mmask16)(wide >> 16), from + lanes));
}

CNN_INLINE CNN_AVX512 void pool(const cnn_f32_pool *p, const int stride) {
  for (int64_t first = 0; first < p->output_width; first += lanes) {
    const int64_t count = p->output_width - first < lanes ? p->output_width - first : lanes;
    const __mmask16 used = (__mmask16)((1u << count) - 1);
    const int64_t left = first * p->stride_x - p->padding_x;
    for (int64_t oy = 0; oy < p->output_height; oy++) {
      const int64_t start = oy * p->stride_y - p->padding_y;
      const int64_t top = start > 0 ? start : 0;
      const int64_t end = start + p->kernel_y < p->height ? start + p->kernel_y : p->height;
      __m512 greatest = _mm512_set1_ps(-__builtin_inff());
      __mmask16 unordered = 0;
      for (int64_t kx = 0; kx < p->kernel_x; kx++) {
        const __mmask16 mask = inside(p, left + kx, count);
        for (int64_t y = top; y < end; y++) {
          const __m512 value = load(p->input + y * p->width + left + kx, mask, stride);
          unordered |= _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
          greatest = _mm512_max_ps(greatest, value);
        }
      }
      greatest = _mm512_mask_mov_ps(greatest, unordered, _mm512_set1_ps(__builtin_nanf("")));
      _mm512_mask_storeu_ps(p->output + oy * p->output_width + first, used, greatest);
    }
  }
}

CNN_AVX512 void cnn_f32_maxpool_16_avx512(const cnn_f32_pool *p) {
  if (p->stride_x == 1) pool(p, 1);
  else if (p->stride_x == 2) pool(p, 2);
  else cnn_f32_maps_maxpool_avx512(p);
}
#endif
