// What random words keep of an array of floats, scaled. A file of each ISA includes this once, with
// CNN_ISA and CNN_TARGET as in f32-maps.h.
#include "CKernels.h"
#include "../shared/names.h"
#include "../shared/targets.h"

CNN_TARGET void CNN_NAME(cnn_f32_dropout_)(const cnn_dropout *task) {
  const uint32_t *words = task->words, threshold = task->threshold;
  const float *input = task->input, scale = task->scale;
  float *output = task->output;
  for (int64_t i = 0; i < task->count; i++)
    output[i] = words[i] >= threshold ? input[i] * scale : 0;
}
