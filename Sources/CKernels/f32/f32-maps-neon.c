#if defined(__aarch64__)
#define CNN_ISA neon
#define CNN_TARGET
#include "f32-maps.h"
#endif
