// Floats to the nearest bfloat16, ties to even; NaN stays NaN.
#include "CKernels.h"
#include "bf16.h"

CNN_INLINE void convert(const float *input, int64_t count, uint16_t *output) {
  for (int64_t i = 0; i < count; i++) output[i] = round_to_bf16(input[i]);
}

void cnn_bf16_round_scalar(const float *input, int64_t count, uint16_t *output) {
  convert(input, count, output);
}

#if defined(__x86_64__)
CNN_AVX512 void cnn_bf16_round_avx512(const float *input, int64_t count, uint16_t *output) {
  convert(input, count, output);
}
#endif
