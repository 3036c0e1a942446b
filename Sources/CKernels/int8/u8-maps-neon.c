#if defined(__aarch64__)
#define CNN_ISA neon
#define CNN_TARGET
#include "u8-maps.h"
#endif
