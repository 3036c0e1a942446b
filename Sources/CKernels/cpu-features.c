#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CKernels.h"

#include <sched.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>

#if defined(__linux__)
#include <sys/syscall.h>

// The kernel saves tiles only for processes that asked (Documentation/arch/x86/xstate.rst):
// ARCH_REQ_XCOMP_PERM of the state XTILEDATA.
static bool may_use_tiles(void) { return syscall(SYS_arch_prctl, 0x1023, 18) == 0; }
#else
static bool may_use_tiles(void) { return false; }
#endif

// XCR0, which says what the system saves on a context switch (Intel SDM vol. 1, §13.3).
static uint64_t saved_state(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return ((uint64_t)high << 32) | low;
}

uint32_t cnn_cpu_features(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  bool fma = c & bit_FMA, xsave = c & bit_OSXSAVE;
  if (!fma || !xsave || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  uint64_t state = saved_state();
  uint32_t features = 0;
  // XMM and YMM; then opmask and both halves of ZMM.
  if ((b & bit_AVX2) && (state & 0x06) == 0x06) features |= cnn_cpu_avx2;
  uint32_t wide = bit_BMI2 | bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
  if (features && (b & wide) == wide && (state & 0xE6) == 0xE6) {
    features |= cnn_cpu_avx512;
    if (c & bit_AVX512VNNI) features |= cnn_cpu_avx512vnni;
    // AMX-TILE and AMX-INT8; the tiles' configuration and data.
    bool tiles = (d & 3u << 24) == 3u << 24 && (state & 0x60000) == 0x60000;
    if ((c & bit_AVX512VNNI) && tiles && may_use_tiles()) features |= cnn_cpu_avx512amx;
  }
  return features;
}
#elif defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>
// The kernel's name for it is in <asm/hwcap.h>: HWCAP_ASIMDDP.
static bool has_dot_products(void) { return getauxval(AT_HWCAP) & (1UL << 20); }
#else
// Every Apple processor that runs this system.
static bool has_dot_products(void) { return true; }
#endif

uint32_t cnn_cpu_features(void) {
  return cnn_cpu_neon | (has_dot_products() ? cnn_cpu_neondot : 0);
}
#else
uint32_t cnn_cpu_features(void) { return 0; }
#endif

void cnn_yield(void) { sched_yield(); }
