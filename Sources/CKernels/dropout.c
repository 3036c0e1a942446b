// What random words keep of an array, scaled.
#include "CKernels.h"
#include "bf16.h"

CNN_INLINE void drop_f32(const cnn_dropout *task) {
  const uint32_t *words = task->words, threshold = task->threshold;
  const float *input = task->input, scale = task->scale;
  float *output = task->output;
  for (int64_t i = 0; i < task->count; i++) output[i] = words[i] >= threshold ? input[i] * scale : 0;
}

CNN_INLINE void drop_bf16(const cnn_dropout *task) {
  const uint32_t *words = task->words, threshold = task->threshold;
  const uint16_t *input = task->input;
  const float scale = task->scale;
  uint16_t *output = task->output;
  for (int64_t i = 0; i < task->count; i++) {
    const uint16_t kept = round_to_bf16(widen_bf16(input[i]) * scale);
    output[i] = words[i] >= threshold ? kept : 0;
  }
}

void cnn_dropout_f32_scalar(const cnn_dropout *task) { drop_f32(task); }
void cnn_dropout_bf16_scalar(const cnn_dropout *task) { drop_bf16(task); }

#if defined(__x86_64__)
CNN_AVX512 void cnn_dropout_f32_avx512(const cnn_dropout *task) { drop_f32(task); }
CNN_AVX512 void cnn_dropout_bf16_avx512(const cnn_dropout *task) { drop_bf16(task); }
#endif
