#define CNN_ISA scalar
#define CNN_TARGET
#define CNN_TILE 1x1
#define CNN_ROWS 1
#define CNN_IMAGES 1
#define CNN_STEP 1

#include "u8-rounding.h"
typedef struct {
  uint32_t sum;
} sums;
typedef int32_t multipliers;

CNN_INLINE int32_t load_weights(const int8_t *w, const int64_t count) { return count ? *w : 0; }
CNN_INLINE int32_t load_inputs(const uint8_t *x, const int64_t count) { return count ? *x : 0; }
CNN_INLINE sums multiply(sums sum, int32_t input, int32_t weight) {
  sum.sum += (uint32_t)(input * weight);
  return sum;
}
CNN_INLINE int32_t total(sums sum) { return (int32_t)sum.sum; }
#include "u8-dot.h"
