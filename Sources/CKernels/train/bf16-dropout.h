// The same as f32-dropout.h of bfloat16, rounded once.
#include "CKernels.h"
#include "bf16.h"
#include "../shared/names.h"

CNN_TARGET void CNN_NAME(cnn_bf16_dropout_)(const cnn_dropout *task) {
  const uint32_t *words = task->words, threshold = task->threshold;
  const uint16_t *input = task->input;
  const float scale = task->scale;
  uint16_t *output = task->output;
  for (int64_t i = 0; i < task->count; i++) {
    const uint16_t kept = round_to_bf16(widen_bf16(input[i]) * scale);
    output[i] = words[i] >= threshold ? kept : 0;
  }
}
