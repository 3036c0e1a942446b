#define CNN_ISA scalar
#define CNN_TARGET
#include "u8-maps.h"
