#include "CKernels.h"

int32_t cnn_s8_pack_scalar(const cnn_s8_pack *arguments) {
  // A copy, which stored bytes cannot be a part of.
  const cnn_s8_pack copy = *arguments, *const p = &copy;
  int32_t sum = 0;
  int8_t *run = p->lane;
  for (int64_t r = 0; r < p->runs; r++) {
    const int8_t *first = p->filter + r * p->run_taps;
    int8_t *to = run;
    int64_t place = 0;
    for (int64_t tap = 0; tap < p->run_taps; tap++)
      for (int64_t c = 0; c < p->channels; c++) {
        const int8_t weight = first[c * p->taps + tap];
        to[place] = weight;
        sum += weight;
        if (++place == p->group) {
          place = 0;
          to += p->group_stride;
        }
      }
    run += p->run_stride;
  }
  return sum;
}
