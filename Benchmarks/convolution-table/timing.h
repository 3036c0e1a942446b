// What all measurements share: oneDNN's engine, memory, and the clock.
#ifndef TIMING_H
#define TIMING_H

#include <CKernels.h>
#include <shim.h>

typedef struct {
  int kernel, stride, channels, outputs, rows, padding, input;
} shape;

// Images: a training's batch, or fewer where maps are large.
extern int batch;

extern dnnl_engine_t engine;
extern dnnl_stream_t stream;
extern dnnl_primitive_attr_t attributes;

// Ends the program where oneDNN refuses something.
void must(dnnl_status_t status, const char *what);

// In large pages, as training has it, full of small numbers of either type: zeros and denormals
// would not cost the same.
void *allocate(size_t bytes);
float *floats(int64_t count);

dnnl_memory_t memory(dnnl_memory_desc_t layout);
void release(dnnl_memory_t memory);

// The mean of a few runs, in milliseconds, after one that touches all memory. Not the least: some
// units run at a part of their speed at times, and a training meets those times, too.
double milliseconds(void (*run)(const void *), const void *task);

// Milliseconds of forward, backward data and backward weights by oneDNN; negative where it has no
// such.
void passes(shape s, dnnl_data_type_t type, dnnl_alg_kind_t algorithm, double *times);

// Milliseconds to copy so many bytes.
double copying(size_t bytes);

// Milliseconds of a convolution by Winograd's large tiles from some channels to others, which its
// gradient by the input is too, or of its gradient by the weights.
double large_tiles(shape s, int from, int to, int by_weights);

// Milliseconds of the gradient by the weights over few channels, from slopes in either type.
double shallow(shape s, bool is_bfloat16);

#endif
