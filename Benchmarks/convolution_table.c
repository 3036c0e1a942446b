// Times every way that oneDNN has to compute a convolution; convolution_table.py builds and runs it.
//
// Standard input has lines `kernel stride channels outputs rows`, of the result and with a square
// result; padding is the kernel's half. Standard output has a JSON object for each.
#include <shim.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 32, RUNS = 5 };

static dnnl_engine_t engine;
static dnnl_stream_t stream;
static dnnl_primitive_attr_t attributes;

static double seconds(void) {
    struct timespec time;
    // Of the processor, so that other programs disturb little; there is one thread.
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void must(dnnl_status_t status, const char *what) {
    if (status == dnnl_success) return;
    fprintf(stderr, "error: oneDNN refused %s (status %d)\n", what, (int)status);
    exit(1);
}

static dnnl_memory_t memory(dnnl_memory_desc_t layout) {
    size_t size = cnn_layout_size(layout);
    void *data = NULL;
    if (posix_memalign(&data, 64, size + 64)) exit(1);
    // Small numbers of either type: zeros and denormals would not cost the same.
    memset(data, 0x3C, size);
    dnnl_memory_t result;
    must(dnnl_memory_create(&result, &layout, engine, data), "memory");
    return result;
}

static void release(dnnl_memory_t memory) {
    void *data = NULL;
    dnnl_memory_get_data_handle(memory, &data);
    dnnl_memory_destroy(memory);
    free(data);
}

// The best of a few runs, in milliseconds; destroys the descriptor.
static double best(dnnl_primitive_desc_t pd, int count, const int *arguments, const dnnl_query_t *query) {
    dnnl_primitive_t primitive;
    must(dnnl_primitive_create(&primitive, pd), "primitive");
    dnnl_exec_arg_t all[4];
    for (int index = 0; index < count; index++) {
        dnnl_memory_desc_t layout;
        must(cnn_query_layout(&layout, pd, query[index], 0), "layout");
        all[index] = (dnnl_exec_arg_t){arguments[index], memory(layout)};
    }
    double least = 1e9;
    for (int run = 0; run < RUNS; run++) {
        double start = seconds();
        must(dnnl_primitive_execute(primitive, stream, count, all), "execution");
        must(dnnl_stream_wait(stream), "execution");
        double time = seconds() - start;
        if (time < least) least = time;
    }
    for (int index = 0; index < count; index++) release(all[index].memory);
    dnnl_primitive_destroy(primitive);
    dnnl_primitive_desc_destroy(pd);
    return 1e3 * least;
}

typedef struct {
    int kernel, stride, channels, outputs, rows, padding, input;
} shape;

// Milliseconds of forward, backward data and backward weights; negative where oneDNN has no such.
static void passes(shape s, dnnl_data_type_t type, dnnl_alg_kind_t algorithm, double *times) {
    dnnl_dim_t from[] = {BATCH, s.channels, s.input, s.input};
    dnnl_dim_t weight[] = {s.outputs, s.channels, s.kernel, s.kernel};
    dnnl_dim_t to[] = {BATCH, s.outputs, s.rows, s.rows};
    dnnl_memory_desc_t src, weights, gradient, dst;
    must(cnn_layout_by_tag(&src, 4, from, type, dnnl_format_tag_any), "layout");
    must(cnn_layout_by_tag(&weights, 4, weight, type, dnnl_format_tag_any), "layout");
    must(cnn_layout_by_tag(&gradient, 4, weight, dnnl_f32, dnnl_format_tag_any), "layout");
    must(cnn_layout_by_tag(&dst, 4, to, type, dnnl_format_tag_any), "layout");
    cnn_window window = {.kernel = {s.kernel, s.kernel}, .strides = {s.stride, s.stride}};
    for (int axis = 0; axis < 2; axis++) {
        window.padding_l[axis] = s.padding;
        window.padding_r[axis] = (s.rows - 1) * s.stride + s.kernel - s.input - s.padding;
    }
    times[0] = times[1] = times[2] = -1;
    dnnl_primitive_desc_t forward, other;
    if (cnn_convolution_forward(&forward, engine, attributes, dnnl_forward_training, algorithm,
                &src, &weights, NULL, &dst, &window))
        return;
    if (!cnn_convolution_backward_data(&other, engine, attributes, algorithm, &src, &weights, &dst,
                &window, forward)) {
        int arguments[] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST,
                DNNL_ARG_SCRATCHPAD};
        dnnl_query_t query[] = {dnnl_query_diff_src_md, dnnl_query_weights_md,
                dnnl_query_diff_dst_md, dnnl_query_scratchpad_md};
        times[1] = best(other, 4, arguments, query);
    }
    if (!cnn_convolution_backward_weights(&other, engine, attributes, algorithm, &src, &gradient,
                NULL, &dst, &window, forward)) {
        int arguments[] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST,
                DNNL_ARG_SCRATCHPAD};
        dnnl_query_t query[] = {dnnl_query_src_md, dnnl_query_diff_weights_md,
                dnnl_query_diff_dst_md, dnnl_query_scratchpad_md};
        times[2] = best(other, 4, arguments, query);
    }
    int arguments[] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD};
    dnnl_query_t query[] = {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md,
            dnnl_query_scratchpad_md};
    times[0] = best(forward, 4, arguments, query);
}

// Milliseconds to copy so many bytes.
static double copying(size_t bytes) {
    char *from = calloc(bytes, 1), *to = calloc(bytes, 1);
    if (!from || !to) exit(1);
    double least = 1e9;
    for (int run = 0; run < RUNS; run++) {
        double start = seconds();
        memcpy(to, from, bytes);
        *(volatile char *)(to + bytes - 1);
        double time = seconds() - start;
        if (time < least) least = time;
    }
    free(from);
    free(to);
    return 1e3 * least;
}

static void print(const char *name, const double *times) {
    printf(", \"%s\": [%.3f, %.3f, %.3f]", name, times[0], times[1], times[2]);
}

int main(void) {
    must(dnnl_engine_create(&engine, dnnl_cpu, 0), "engine");
    must(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags), "stream");
    must(dnnl_primitive_attr_create(&attributes), "attributes");
    must(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
            "attributes");
    omp_set_num_threads(1);
    const dnnl_version_t *version = dnnl_version();
    printf("{\"version\": \"%d.%d.%d\", \"isa\": \"%s\"}\n", version->major, version->minor,
            version->patch,
            cnn_has_isa(dnnl_cpu_isa_avx512_core_amx)        ? "avx512_core_amx"
                    : cnn_has_isa(dnnl_cpu_isa_avx512_core_bf16) ? "avx512_core_bf16"
                    : cnn_has_isa(dnnl_cpu_isa_avx512_core) ? "avx512_core"
                                                            : "other");
    shape s;
    while (scanf("%d %d %d %d %d", &s.kernel, &s.stride, &s.channels, &s.outputs, &s.rows) == 5) {
        double times[3];
        s.padding = s.kernel / 2;
        s.input = s.rows * s.stride;
        printf("{\"kernel\": %d, \"stride\": %d, \"channels\": %d, \"outputs\": %d, \"rows\": %d",
                s.kernel, s.stride, s.channels, s.outputs, s.rows);
        passes(s, dnnl_f32, dnnl_convolution_direct, times);
        print("direct", times);
        if (s.kernel == 3 && s.stride == 1) {
            passes(s, dnnl_f32, dnnl_convolution_winograd, times);
            print("winograd", times);
        }
        if (s.kernel == 5 && s.stride == 1 && s.channels % 16 == 0) {
            shape stacked = {3, 1, 4 * s.channels, s.outputs, s.rows, 0, s.rows + 2};
            passes(stacked, dnnl_f32, dnnl_convolution_winograd, times);
            double stack = copying(
                    sizeof(float) * BATCH * 4 * s.channels * stacked.input * stacked.input);
            // Forward stacks the input, backward adds its gradient's parts up.
            times[0] += stack;
            times[1] += stack;
            print("stacked", times);
        }
        passes(s, dnnl_bf16, dnnl_convolution_direct, times);
        print("bfloat16", times);
        size_t values = BATCH * ((size_t)s.channels * s.input * s.input
                                        + (size_t)s.outputs * s.rows * s.rows);
        // Between neighbours in bfloat16, fp32 converts what comes and goes, there and back.
        printf(", \"conversion\": %.3f}\n", copying(6 * values));
        fflush(stdout);
    }
    return 0;
}
