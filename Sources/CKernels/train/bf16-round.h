// Floats to the nearest bfloat16, ties to even; NaN stays NaN. A file of each ISA includes this
// once, with CNN_ISA and CNN_TARGET as in f32-maps.h.
#include "CKernels.h"
#include "bf16.h"
#include "../shared/names.h"

CNN_TARGET void CNN_NAME(cnn_bf16_round_)(const float *input, int64_t count, uint16_t *output) {
  for (int64_t i = 0; i < count; i++) output[i] = round_to_bf16(input[i]);
}
