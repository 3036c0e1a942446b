#include <stdint.h>

#define CNN_TYPE bf16
typedef uint16_t element;
typedef int16_t bit;
#include "maxpool-blocks.h"
