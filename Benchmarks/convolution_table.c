// Times every way that training has to compute a convolution; convolution_table.py builds and runs it.
//
// Standard input has lines `kernel stride channels outputs rows`, of the result and with a square
// result; padding is the kernel's half. Standard output has a JSON object for each, of the least times
// in milliseconds on as many threads as OpenMP is told.
#include <CKernels.h>
#include <shim.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { RUNS = 5 };

// Images: a training's batch, or fewer where maps are large.
static int batch;

static dnnl_engine_t engine;
static dnnl_stream_t stream;
static dnnl_primitive_attr_t attributes;

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void must(dnnl_status_t status, const char *what) {
    if (status == dnnl_success) return;
    fprintf(stderr, "error: oneDNN refused %s (status %d)\n", what, (int)status);
    exit(1);
}

// In large pages, as training has it.
static void *allocate(size_t bytes) {
    void *data = NULL;
    if (posix_memalign(&data, 1 << 21, bytes + 64)) exit(1);
#ifdef MADV_HUGEPAGE
    madvise(data, bytes, MADV_HUGEPAGE);
#endif
    return data;
}

static dnnl_memory_t memory(dnnl_memory_desc_t layout) {
    size_t size = cnn_layout_size(layout);
    void *data = allocate(size);
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
    dnnl_dim_t from[] = {batch, s.channels, s.input, s.input};
    dnnl_dim_t weight[] = {s.outputs, s.channels, s.kernel, s.kernel};
    dnnl_dim_t to[] = {batch, s.outputs, s.rows, s.rows};
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
        // Or the compiler would see that nobody reads the copy.
        __asm__ volatile("" : : "r"(to) : "memory");
        double time = seconds() - start;
        if (time < least) least = time;
    }
    free(from);
    free(to);
    return 1e3 * least;
}

// F(4 × 4, 5 × 5) and F(6 × 6, 3 × 3), as WinogradPasses has them: some images at a time.

enum { POINTS = 64 };

// Tiles along an axis of a map.
static int64_t grid(shape s) { return (s.rows + 8 - s.kernel) / (9 - s.kernel); }

// The most images whose points take no more than 32 MB.
static int group(shape s) {
    int64_t bytes = grid(s) * grid(s) * (s.channels + s.outputs) * POINTS * 4;
    int images = batch;
    while (images > 1 && images * bytes > 32 << 20) images /= 2;
    return images;
}

// 64 matrices; `stride` floats from one to the next.
typedef struct {
    dnnl_memory_t memory;
    float *floats;
    int64_t stride;
} points;

static points make_points(int64_t rows, int64_t columns, int transposed) {
    int64_t stride = (rows * columns + 1023) / 1024 * 1024 + 16;
    dnnl_dim_t extents[] = {POINTS, transposed ? columns : rows, transposed ? rows : columns};
    dnnl_dim_t strides[] = {stride, transposed ? 1 : columns, transposed ? columns : 1};
    dnnl_memory_desc_t layout;
    must(cnn_layout_by_strides(&layout, 3, extents, dnnl_f32, strides), "layout");
    points result = {.memory = memory(layout), .stride = stride};
    dnnl_memory_get_data_handle(result.memory, (void **)&result.floats);
    return result;
}

static dnnl_primitive_t product(points left, points right, points target, int accumulates) {
    dnnl_primitive_attr_t attributes;
    dnnl_post_ops_t operations;
    must(dnnl_primitive_attr_create(&attributes), "attributes");
    must(dnnl_post_ops_create(&operations), "attributes");
    if (accumulates) must(dnnl_post_ops_append_sum(operations, 1), "attributes");
    must(dnnl_primitive_attr_set_post_ops(attributes, operations), "attributes");
    const dnnl_memory_desc_t *a, *b, *c;
    dnnl_memory_get_memory_desc(left.memory, &a);
    dnnl_memory_get_memory_desc(right.memory, &b);
    dnnl_memory_get_memory_desc(target.memory, &c);
    dnnl_primitive_desc_t pd;
    dnnl_primitive_t primitive;
    must(cnn_matmul(&pd, engine, attributes, a, b, c), "product");
    must(dnnl_primitive_create(&primitive, pd), "product");
    dnnl_primitive_desc_destroy(pd);
    dnnl_post_ops_destroy(operations);
    dnnl_primitive_attr_destroy(attributes);
    return primitive;
}

static void multiply(dnnl_primitive_t primitive, points left, points right, points target) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, left.memory}, {DNNL_ARG_WEIGHTS, right.memory},
            {DNNL_ARG_DST, target.memory}};
    must(dnnl_primitive_execute(primitive, stream, 3, arguments), "execution");
}

typedef void (*transform)(const cnn_f32_winograd_blocks *);

static void tiles(transform kernel, shape s, float *maps, int channels, int before, points p) {
    int images = group(s);
    int64_t side = grid(s);
#pragma omp parallel for collapse(2)
    for (int image = 0; image < images; image++)
        for (int block = 0; block < channels / 16; block++) {
            cnn_f32_winograd_blocks task = {
                    .maps = maps + ((int64_t)image * channels + block * 16) * s.rows * s.rows,
                    .height = s.rows, .width = s.rows, .first_row = -before,
                    .first_column = -before, .step = 9 - s.kernel, .tile_rows = side,
                    .tile_columns = side,
                    .points = p.floats + image * side * side * channels + block * 16,
                    .point_stride = p.stride, .tile_stride = channels};
            kernel(&task);
        }
}

static void filters(void (*kernel)(const cnn_f32_winograd_filters *), shape s, float *taps,
        points p) {
    int64_t count = (int64_t)s.channels * s.outputs;
#pragma omp parallel for
    for (int64_t place = 0; place < count; place += 16) {
        cnn_f32_winograd_filters task = {.kernel = s.kernel, .taps = taps + place,
                .tap_stride = count, .points = p.floats + place, .point_stride = p.stride};
        kernel(&task);
    }
}

static float *floats(int64_t count) {
    float *result = allocate(sizeof(float) * (size_t)count);
    for (int64_t i = 0; i < count; i++) result[i] = 0.01f;
    return result;
}

// Milliseconds of a convolution from some channels to others, which its gradient by the input is too.
static double large_tiles(shape s, int from, int to) {
    int64_t plane = (int64_t)s.rows * s.rows, rows = group(s) * grid(s) * grid(s);
    int padding = s.kernel / 2;
    float *source = floats(batch * from * plane), *target = floats(batch * to * plane);
    float *taps = floats((int64_t)s.kernel * s.kernel * from * to);
    points left = make_points(rows, from, 0), right = make_points(from, to, 0);
    points result = make_points(rows, to, 0);
    dnnl_primitive_t primitive = product(left, right, result, 0);
    double least = 1e9;
    for (int run = 0; run < RUNS; run++) {
        double start = seconds();
        filters(cnn_f32_winograd_blocks_filters, s, taps, right);
        for (int64_t image = 0; image < batch; image += group(s)) {
            tiles(cnn_f32_winograd_blocks_input, s, source + image * from * plane, from,
                    padding, left);
            multiply(primitive, left, right, result);
            tiles(cnn_f32_winograd_blocks_output, s, target + image * to * plane, to, 0, result);
        }
        double time = seconds() - start;
        if (time < least) least = time;
    }
    free(source), free(target), free(taps);
    release(left.memory), release(right.memory), release(result.memory);
    dnnl_primitive_destroy(primitive);
    return 1e3 * least;
}

// Milliseconds of the gradient by the weights.
static double large_tile_gradient(shape s) {
    int64_t plane = (int64_t)s.rows * s.rows, rows = group(s) * grid(s) * grid(s);
    int padding = s.kernel / 2;
    float *source = floats(batch * s.channels * plane), *slopes = floats(batch * s.outputs * plane);
    float *taps = floats((int64_t)s.kernel * s.kernel * s.channels * s.outputs);
    points left = make_points(rows, s.channels, 1), right = make_points(rows, s.outputs, 0);
    points sums = make_points(s.channels, s.outputs, 0);
    dnnl_primitive_t primitive = product(left, right, sums, 1);
    double least = 1e9;
    for (int run = 0; run < RUNS; run++) {
        double start = seconds();
        memset(sums.floats, 0, sizeof(float) * POINTS * (size_t)sums.stride);
        for (int64_t image = 0; image < batch; image += group(s)) {
            tiles(cnn_f32_winograd_blocks_input, s, source + image * s.channels * plane, s.channels,
                    padding, left);
            tiles(cnn_f32_winograd_blocks_gradient, s, slopes + image * s.outputs * plane,
                    s.outputs, 0, right);
            multiply(primitive, left, right, sums);
        }
        filters(cnn_f32_winograd_blocks_filter_gradient, s, taps, sums);
        double time = seconds() - start;
        if (time < least) least = time;
    }
    free(source), free(slopes), free(taps);
    release(left.memory), release(right.memory), release(sums.memory);
    dnnl_primitive_destroy(primitive);
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
        batch = s.rows > 16 ? 32 : 128;
        printf("{\"kernel\": %d, \"stride\": %d, \"channels\": %d, \"outputs\": %d, \"rows\": %d, "
               "\"batch\": %d",
                s.kernel, s.stride, s.channels, s.outputs, s.rows, batch);
        passes(s, dnnl_f32, dnnl_convolution_direct, times);
        print("direct", times);
        if (s.kernel == 3 && s.stride == 1) {
            passes(s, dnnl_f32, dnnl_convolution_winograd, times);
            print("winograd", times);
        }
        if ((s.kernel == 3 || s.kernel == 5) && s.stride == 1 && s.channels % 16 == 0
                && s.outputs % 16 == 0 && cnn_has_isa(dnnl_cpu_isa_avx512_core)) {
            times[0] = large_tiles(s, s.channels, s.outputs);
            times[1] = large_tiles(s, s.outputs, s.channels);
            times[2] = large_tile_gradient(s);
            print("large", times);
        }
        passes(s, dnnl_bf16, dnnl_convolution_direct, times);
        print("bfloat16", times);
        size_t values = batch * ((size_t)s.channels * s.input * s.input
                                        + (size_t)s.outputs * s.rows * s.rows);
        // Between neighbours in bfloat16, fp32 converts what comes and goes, there and back.
        printf(", \"conversion\": %.3f}\n", copying(6 * values));
        fflush(stdout);
    }
    return 0;
}
