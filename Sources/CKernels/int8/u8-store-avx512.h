// Up to sixteen values, limited, as floats or rounded to bytes: the end of include/int8.h's formula
// in AVX-512. CNN_TARGET is the includer's.
CNN_INLINE CNN_TARGET void store_values(
  const cnn_u8_rounding *rounding, __m512 value, const __mmask16 mask, uint8_t *output,
  float *floats, const int64_t place) {
  value = _mm512_max_ps(value, _mm512_set1_ps(rounding->low));
  value = _mm512_min_ps(value, _mm512_set1_ps(rounding->high));
  if (floats) return _mm512_mask_storeu_ps(floats + place, mask, value);
  const __m512i rounded =
    _mm512_add_epi32(_mm512_cvtps_epi32(value), _mm512_set1_epi32(rounding->zero));
  _mm_mask_storeu_epi8(output + place, mask, _mm512_cvtepi32_epi8(rounded));
}
