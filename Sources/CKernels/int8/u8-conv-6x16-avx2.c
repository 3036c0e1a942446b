#if defined(__x86_64__)
#include <immintrin.h>

#include "u8-rounding.h"

// Twelve sums, two vectors of weights, a pixel and a product fill the 16 registers. vpmaddubsw
// would sum two products of unsigned by signed bytes in 16 bits and saturate (255 · 127 · 2 does
// not fit): instead both operands are widened to 16 bits, pixels when the border is made and
// weights when they are loaded, and vpmaddwd sums two products in 32 bits, exactly.
#define CNN_ISA avx2
#define CNN_TARGET CNN_AVX2
#define CNN_TILE 6x16
#define CNN_PIXELS 6
#define CNN_VECTORS 2
#define CNN_LANES 8
#define CNN_GROUP 2
#define CNN_CHAINS 12
#define CNN_OPAQUE(vector) __asm__ volatile("" : "+x"(vector))

typedef int16_t element;
typedef __m256i sums, multipliers;

CNN_INLINE int16_t convert(uint8_t value) { return value; }
CNN_INLINE CNN_TARGET __m256i start(const int32_t *bias) {
  return _mm256_loadu_si256((const __m256i *)bias);
}
CNN_INLINE CNN_TARGET __m256i load_weights(const int8_t *w) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)w));
}
CNN_INLINE CNN_TARGET __m256i broadcast(const int16_t *x) {
  int32_t two;
  __builtin_memcpy(&two, x, 4);
  return _mm256_set1_epi32(two);
}
CNN_INLINE CNN_TARGET __m256i multiply(__m256i sum, __m256i pixel, __m256i weights) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pixel, weights));
}

CNN_INLINE CNN_TARGET void finish(
  const cnn_u8_conv *t, __m256i sum, const int64_t pixel, const int channel) {
  const int64_t left = t->channels - channel, count = left < 8 ? left : 8;
  if (count <= 0) return;
  __m256 value =
    _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_loadu_ps(t->rounding.scale + channel));
  if (t->residual) {
    uint64_t bytes = 0;
    __builtin_memcpy(&bytes, t->residual + pixel * t->residual_stride + channel, (size_t)count);
    const __m256i other = _mm256_sub_epi32(
      _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)bytes)), _mm256_set1_epi32(t->residual_zero));
    value = _mm256_add_ps(
      value, _mm256_mul_ps(_mm256_cvtepi32_ps(other), _mm256_set1_ps(t->residual_scale)));
  }
  value = _mm256_max_ps(value, _mm256_set1_ps(t->rounding.low));
  value = _mm256_min_ps(value, _mm256_set1_ps(t->rounding.high));
  const int64_t place = pixel * t->output_stride + channel;
  if (t->floats) {
    float floats[8];
    _mm256_storeu_ps(floats, value);
    __builtin_memcpy(t->floats + place, floats, (size_t)count * 4);
    return;
  }
  const __m256i rounded =
    _mm256_add_epi32(_mm256_cvtps_epi32(value), _mm256_set1_epi32(t->rounding.zero));
  const __m128i words =
    _mm_packus_epi32(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
  const int64_t bytes = _mm_cvtsi128_si64(_mm_packus_epi16(words, words));
  __builtin_memcpy(t->output + place, &bytes, (size_t)count);
}
#include "u8-conv.h"
#endif
