// Convolutions by oneDNN.
#include "timing.h"

typedef struct {
    dnnl_primitive_t primitive;
    int count;
    dnnl_exec_arg_t arguments[4];
} execution;

static void execute(const void *task) {
    const execution *call = task;
    must(dnnl_primitive_execute(call->primitive, stream, call->count, call->arguments),
            "execution");
    must(dnnl_stream_wait(stream), "execution");
}

// Milliseconds of one execution; destroys the descriptor.
static double timed(
        dnnl_primitive_desc_t pd, int count, const int *arguments, const dnnl_query_t *query) {
    execution call = {.count = count};
    must(dnnl_primitive_create(&call.primitive, pd), "primitive");
    for (int index = 0; index < count; index++) {
        dnnl_memory_desc_t layout;
        must(cnn_query_layout(&layout, pd, query[index], 0), "layout");
        call.arguments[index] = (dnnl_exec_arg_t){arguments[index], memory(layout)};
    }
    double time = milliseconds(execute, &call);
    for (int index = 0; index < count; index++) release(call.arguments[index].memory);
    dnnl_primitive_destroy(call.primitive);
    dnnl_primitive_desc_destroy(pd);
    return time;
}

void passes(shape s, dnnl_data_type_t type, dnnl_alg_kind_t algorithm, double *times) {
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
        times[1] = timed(other, 4, arguments, query);
    }
    if (!cnn_convolution_backward_weights(&other, engine, attributes, algorithm, &src, &gradient,
                NULL, &dst, &window, forward)) {
        int arguments[] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST,
                DNNL_ARG_SCRATCHPAD};
        dnnl_query_t query[] = {dnnl_query_src_md, dnnl_query_diff_weights_md,
                dnnl_query_diff_dst_md, dnnl_query_scratchpad_md};
        times[2] = timed(other, 4, arguments, query);
    }
    int arguments[] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD};
    dnnl_query_t query[] = {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md,
            dnnl_query_scratchpad_md};
    times[0] = timed(forward, 4, arguments, query);
}
