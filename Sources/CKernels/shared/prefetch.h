// Prefetches only tell the CPU what will be needed: an address beyond the end of memory does no
// harm.
#ifndef PREFETCH_H
#define PREFETCH_H
#include <stdint.h>

#include "targets.h"

// Another core may have what will be written, and what will be read of a residual, which may be
// null.
CNN_INLINE void ask_for(const float *written, const float *residual, const int64_t place) {
  __builtin_prefetch(written + place, 1, 3);
  if (residual) __builtin_prefetch(residual + place, 0, 3);
}

#endif
