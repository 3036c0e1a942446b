#define CNN_ISA scalar
#define CNN_TARGET
#include "u32-philox.h"
