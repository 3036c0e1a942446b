#if defined(__x86_64__)
#define CNN_ISA avx2
#define CNN_TILE 12x8
#define CNN_TARGET CNN_AVX2
#define CNN_BYTES 32
// A latency of four to five cycles on two units.
#define CNN_CHAINS 12
#define CNN_READS 8
#include "f32-peak.h"
#endif
