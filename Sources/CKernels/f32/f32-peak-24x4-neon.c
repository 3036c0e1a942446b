#if defined(__aarch64__)
#define CNN_ISA neon
#define CNN_TILE 24x4
#define CNN_TARGET
#define CNN_BYTES 16
// A latency of four cycles on up to four units.
#define CNN_CHAINS 24
#define CNN_READS 8
#include "f32-peak.h"
#endif
