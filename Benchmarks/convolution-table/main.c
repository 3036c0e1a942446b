// Times every way that training has to compute a convolution; ../convolution_table.py builds and
// runs it.
//
// Standard input has lines `kernel stride channels outputs rows`, of the result and with a square
// result; padding is the kernel's half. Standard output has a JSON object for each, of the mean
// times in milliseconds on as many threads as OpenMP is told.
#include "timing.h"
#include <stdio.h>

static void print(const char *name, int count, const double *times) {
  printf(", \"%s\": [", name);
  for (int index = 0; index < count; index++) printf(index ? ", %.3f" : "%.3f", times[index]);
  printf("]");
}

static const char *isa(void) {
  if (cnn_has_isa(dnnl_cpu_isa_avx512_core_amx)) return "avx512_core_amx";
  if (cnn_has_isa(dnnl_cpu_isa_avx512_core_bf16)) return "avx512_core_bf16";
  return cnn_has_isa(dnnl_cpu_isa_avx512_core) ? "avx512_core" : "other";
}

// What this package computes itself.
static void measure_own(shape s) {
  double times[3];
  if (
    (s.kernel == 3 || s.kernel == 5) && s.stride == 1 && s.channels % 16 == 0
    && s.outputs % 16 == 0) {
    times[0] = large_tiles(s, s.channels, s.outputs, 0);
    times[1] = large_tiles(s, s.outputs, s.channels, 0);
    times[2] = large_tiles(s, s.channels, s.outputs, 1);
    print("large", 3, times);
  }
  if (s.kernel == 3 && (s.channels == 1 || s.channels == 3) && s.outputs % 16 == 0) {
    times[0] = shallow(s, false);
    times[1] = shallow(s, true);
    print("shallow", 2, times);
  }
}

static void measure(shape s) {
  double times[3];
  printf(
    "{\"kernel\": %d, \"stride\": %d, \"channels\": %d, \"outputs\": %d, \"rows\": %d, "
    "\"batch\": %d",
    s.kernel, s.stride, s.channels, s.outputs, s.rows, batch);
  passes(s, dnnl_f32, dnnl_convolution_direct, times);
  print("direct", 3, times);
  if (s.kernel == 3 && s.stride == 1) {
    passes(s, dnnl_f32, dnnl_convolution_winograd, times);
    print("winograd", 3, times);
  }
  if (cnn_has_isa(dnnl_cpu_isa_avx512_core)) measure_own(s);
  passes(s, dnnl_bf16, dnnl_convolution_direct, times);
  print("bfloat16", 3, times);
  size_t values =
    batch * ((size_t)s.channels * s.input * s.input + (size_t)s.outputs * s.rows * s.rows);
  // Between neighbours in bfloat16, fp32 converts what comes and goes, there and back.
  printf(", \"conversion\": %.3f}\n", copying(6 * values));
  fflush(stdout);
}

int main(void) {
  must(dnnl_engine_create(&engine, dnnl_cpu, 0), "engine");
  must(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags), "stream");
  must(dnnl_primitive_attr_create(&attributes), "attributes");
  must(
    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "attributes");
  const dnnl_version_t *version = dnnl_version();
  printf(
    "{\"version\": \"%d.%d.%d\", \"isa\": \"%s\"}\n", version->major, version->minor,
    version->patch, isa());
  shape s;
  while (scanf("%d %d %d %d %d", &s.kernel, &s.stride, &s.channels, &s.outputs, &s.rows) == 5) {
    s.padding = s.kernel / 2;
    s.input = s.rows * s.stride;
    batch = s.rows > 16 ? 32 : 128;
    measure(s);
  }
  return 0;
}
