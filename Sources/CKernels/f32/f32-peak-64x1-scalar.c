#define CNN_ISA scalar
#define CNN_TILE 64x1
#define CNN_TARGET
#define CNN_BYTES 64
// What the compiler's baseline makes of portable code: vectors that are cut into the target's own.
#define CNN_CHAINS 4
#define CNN_READS 2
#include "f32-peak.h"
