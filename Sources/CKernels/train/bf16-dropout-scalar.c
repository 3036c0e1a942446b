#define CNN_ISA scalar
#define CNN_TARGET
#include "bf16-dropout.h"
