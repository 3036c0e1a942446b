#if defined(__x86_64__)
#define CNN_ISA avx512
#define CNN_TARGET CNN_AVX512
#include "u32-philox.h"
#endif
