// Convolutions by oneDNN.
#include "timing.h"

enum { PARTS = 4 };

typedef struct {
  dnnl_primitive_t primitive;
  dnnl_exec_arg_t arguments[PARTS];
} execution;

static void execute(const void *task) {
  const execution *call = task;
  must(dnnl_primitive_execute(call->primitive, stream, PARTS, call->arguments), "execution");
  must(dnnl_stream_wait(stream), "execution");
}

// An argument of a primitive, and the query for its layout.
typedef struct {
  int argument;
  dnnl_query_t query;
} part;

static const part source = {DNNL_ARG_SRC, dnnl_query_src_md};
static const part weights = {DNNL_ARG_WEIGHTS, dnnl_query_weights_md};
static const part target = {DNNL_ARG_DST, dnnl_query_dst_md};
static const part source_gradient = {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md};
static const part weight_gradient = {DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md};
static const part target_gradient = {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md};

// Milliseconds of one execution; destroys the descriptor.
static double timed(dnnl_primitive_desc_t pd, part first, part second, part third) {
  const part parts[] = {first, second, third, {DNNL_ARG_SCRATCHPAD, dnnl_query_scratchpad_md}};
  execution call;
  must(dnnl_primitive_create(&call.primitive, pd), "primitive");
  for (int index = 0; index < PARTS; index++) {
    dnnl_memory_desc_t layout;
    must(cnn_query_layout(&layout, pd, parts[index].query, 0), "layout");
    call.arguments[index] = (dnnl_exec_arg_t){parts[index].argument, memory(layout)};
  }
  double time = milliseconds(execute, &call);
  for (int index = 0; index < PARTS; index++) release(call.arguments[index].memory);
  dnnl_primitive_destroy(call.primitive);
  dnnl_primitive_desc_destroy(pd);
  return time;
}

static dnnl_memory_desc_t any_layout(
  dnnl_dim_t a, dnnl_dim_t b, dnnl_dim_t c, dnnl_dim_t d, dnnl_data_type_t type) {
  dnnl_dim_t extents[] = {a, b, c, d};
  dnnl_memory_desc_t layout;
  must(cnn_layout_by_tag(&layout, 4, extents, type, dnnl_format_tag_any), "layout");
  return layout;
}

void passes(shape s, dnnl_data_type_t type, dnnl_alg_kind_t algorithm, double *times) {
  dnnl_memory_desc_t src = any_layout(batch, s.channels, s.input, s.input, type);
  dnnl_memory_desc_t filters = any_layout(s.outputs, s.channels, s.kernel, s.kernel, type);
  dnnl_memory_desc_t sums = any_layout(s.outputs, s.channels, s.kernel, s.kernel, dnnl_f32);
  dnnl_memory_desc_t dst = any_layout(batch, s.outputs, s.rows, s.rows, type);
  cnn_window window = {.kernel = {s.kernel, s.kernel}, .strides = {s.stride, s.stride}};
  for (int axis = 0; axis < 2; axis++) {
    window.padding_l[axis] = s.padding;
    window.padding_r[axis] = (s.rows - 1) * s.stride + s.kernel - s.input - s.padding;
  }
  times[0] = times[1] = times[2] = -1;
  dnnl_primitive_desc_t forward, other;
  if (
    cnn_convolution_forward(
      &forward, engine, attributes, dnnl_forward_training, algorithm, &src, &filters, NULL, &dst,
      &window))
    return;
  if (!cnn_convolution_backward_data(
        &other, engine, attributes, algorithm, &src, &filters, &dst, &window, forward))
    times[1] = timed(other, source_gradient, weights, target_gradient);
  if (!cnn_convolution_backward_weights(
        &other, engine, attributes, algorithm, &src, &sums, NULL, &dst, &window, forward))
    times[2] = timed(other, source, weight_gradient, target_gradient);
  times[0] = timed(forward, source, weights, target);
}
