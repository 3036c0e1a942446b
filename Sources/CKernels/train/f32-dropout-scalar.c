#define CNN_ISA scalar
#define CNN_TARGET
#include "f32-dropout.h"
