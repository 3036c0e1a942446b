// The end of sixteen sums in AVX-512, of convolutions with and without VNNI and AMX.
#include "u8-store-avx512.h"

CNN_INLINE CNN_TARGET void finish(
  const cnn_u8_conv *t, __m512i sum, const int64_t pixel, const int channel) {
  const int64_t left = t->channels - channel;
  const __mmask16 mask = left >= 16 ? 0xFFFF : (__mmask16)((1u << (left > 0 ? left : 0)) - 1);
  __m512 value =
    _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_loadu_ps(t->rounding.scale + channel));
  if (t->residual) {
    const __m128i bytes =
      _mm_maskz_loadu_epi8(mask, t->residual + pixel * t->residual_stride + channel);
    const __m512i other =
      _mm512_sub_epi32(_mm512_cvtepu8_epi32(bytes), _mm512_set1_epi32(t->residual_zero));
    const __m512 term = _mm512_mul_ps(_mm512_cvtepi32_ps(other), _mm512_set1_ps(t->residual_scale));
    value = _mm512_add_ps(value, term);
  }
  store_values(&t->rounding, value, mask, t->output, t->floats, pixel * t->output_stride + channel);
}
