#include <stdint.h>

#define CNN_TYPE f32
typedef float element;
typedef int32_t bit;
#include "maxpool-blocks.h"
