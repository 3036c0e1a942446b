// Floats to the nearest bfloat16, ties to even; NaN stays NaN.
#include "CKernels.h"
#include "targets.h"

CNN_INLINE void convert(const float *input, int64_t count, uint16_t *output) {
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, input + i, sizeof bits);
    // Adding 0x7FFF and the lowest bit that stays carries into it exactly where it must round up.
    const uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    const uint32_t quiet = bits >> 16 | 0x40;
    output[i] = (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
  }
}

void cnn_bf16_round_scalar(const float *input, int64_t count, uint16_t *output) {
  convert(input, count, output);
}

#if defined(__x86_64__)
CNN_AVX512 void cnn_bf16_round_avx512(const float *input, int64_t count, uint16_t *output) {
  convert(input, count, output);
}
#endif
