#include "timing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { RUNS = 3 };

int batch;
dnnl_engine_t engine;
dnnl_stream_t stream;
dnnl_primitive_attr_t attributes;

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void must(dnnl_status_t status, const char *what) {
  if (status == dnnl_success) return;
  fprintf(stderr, "error: oneDNN refused %s (status %d)\n", what, (int)status);
  exit(1);
}

void *allocate(size_t bytes) {
  void *data = NULL;
  if (posix_memalign(&data, 1 << 21, bytes + 64)) exit(1);
#ifdef MADV_HUGEPAGE
  madvise(data, bytes, MADV_HUGEPAGE);
#endif
  memset(data, 0x3C, bytes);
  return data;
}

dnnl_memory_t memory(dnnl_memory_desc_t layout) {
  size_t size = cnn_layout_size(layout);
  dnnl_memory_t result;
  must(dnnl_memory_create(&result, &layout, engine, allocate(size)), "memory");
  return result;
}

void release(dnnl_memory_t memory) {
  void *data = NULL;
  dnnl_memory_get_data_handle(memory, &data);
  dnnl_memory_destroy(memory);
  free(data);
}

double milliseconds(void (*run)(const void *), const void *task) {
  run(task);
  double start = seconds();
  for (int index = 0; index < RUNS; index++) run(task);
  return 1e3 * (seconds() - start) / RUNS;
}

float *floats(int64_t count) { return allocate(sizeof(float) * (size_t)count); }

typedef struct {
  char *from, *to;
  size_t bytes;
} duplicate;

enum { PIECE = 1 << 16 };

static void copy(const void *task) {
  const duplicate *call = task;
#pragma omp parallel for
  for (size_t start = 0; start < call->bytes; start += PIECE) {
    size_t rest = call->bytes - start;
    memcpy(call->to + start, call->from + start, rest < PIECE ? rest : PIECE);
  }
}

double copying(size_t bytes) {
  duplicate call = {allocate(bytes), allocate(bytes), bytes};
  double time = milliseconds(copy, &call);
  free(call.from), free(call.to);
  return time;
}
