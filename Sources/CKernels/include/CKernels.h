#ifndef CKERNELS_H
#define CKERNELS_H

// Micro-kernels. A kernel does one tile's loops; blocking, threads and memory are the caller's.
// Names, layouts, alignment and tails: see README.md. Strides and counts are in elements. No kernel
// reads or writes outside the elements that its arguments name.

#include "cpu.h"
#include "f32.h"
#include "int8.h"
#include "peaks.h"
#include "train.h"

#endif
