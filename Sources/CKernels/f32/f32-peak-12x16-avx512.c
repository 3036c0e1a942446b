#if defined(__x86_64__)
#define CNN_ISA avx512
#define CNN_TILE 12x16
#define CNN_TARGET CNN_AVX512
#define CNN_BYTES 64
// A latency of four to six cycles on up to two units.
#define CNN_CHAINS 12
#define CNN_READS 8
#include "f32-peak.h"
#endif
