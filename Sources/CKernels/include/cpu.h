#ifndef CKERNELS_CPU_H
#define CKERNELS_CPU_H

// What this processor has.

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Instruction sets as bits, of this CPU and of what its system saves on a context switch.
enum {
  cnn_cpu_avx2 = 1,
  cnn_cpu_avx512 = 2,
  cnn_cpu_avx512vnni = 4,
  cnn_cpu_neon = 8,
  /// Of Arm, the dot products of bytes.
  cnn_cpu_neondot = 16,
  /// Of x86, tiles of bytes, which this process has been let use.
  cnn_cpu_avx512amx = 32,
};

/// The instruction sets of `cnn_cpu_…` that may be used here.
uint32_t cnn_cpu_features(void);

/// Tells the CPU that this thread waits for a word of memory to change.
static inline void cnn_spin(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/// Lets another thread have this core, if one wants it.
void cnn_yield(void);

#ifdef __cplusplus
}
#endif

#endif
