#if defined(__x86_64__)
#define CNN_ISA avx2
#define CNN_TARGET CNN_AVX2
#include "u8-maps.h"
#endif
