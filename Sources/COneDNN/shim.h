// All that depends on oneDNN's version is in this file and in `OneDNN/` of the Training module.
//
// oneDNN 2.x describes an operation in a struct that `…_desc_init` fills and that
// `dnnl_primitive_desc_create` reads at once; 3.x has one call for both. Each function here does
// both, so that a port to 3.x changes this file only. Scratchpads are the caller's, so that all
// primitives share one.
#ifndef CNN_ONEDNN_SHIM_H
#define CNN_ONEDNN_SHIM_H

#include <oneapi/dnnl/dnnl.h>
#include <stddef.h>

#if DNNL_VERSION_MAJOR != 2
#error "oneDNN 2.x is needed (2.6.3 is known to work)"
#endif

// libgomp's entry point for parallel regions: work that is not oneDNN's runs on oneDNN's own
// threads, since a second pool would fight with the first one for the cores.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern void omp_set_num_threads(int threads);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);

typedef const dnnl_memory_desc_t *cnn_layout;

// A window along H and W: convolution and pooling.
typedef struct {
  dnnl_dims_t kernel, strides, dilates, padding_l, padding_r;
} cnn_window;

// Memory descriptors: plain structs in 2.x, opaque handles in 3.x.

static inline dnnl_status_t cnn_layout_by_tag(
  dnnl_memory_desc_t *layout, int rank, const dnnl_dim_t *extents, dnnl_data_type_t type,
  dnnl_format_tag_t tag) {
  // oneDNN's prototype promises the compiler as many extents as the largest rank has.
  dnnl_dims_t all = {0};
  for (int axis = 0; axis < rank && axis < DNNL_MAX_NDIMS; axis++) all[axis] = extents[axis];
  return dnnl_memory_desc_init_by_tag(layout, rank, all, type, tag);
}

static inline dnnl_status_t cnn_layout_by_strides(
  dnnl_memory_desc_t *layout, int rank, const dnnl_dim_t *extents, dnnl_data_type_t type,
  const dnnl_dim_t *strides) {
  dnnl_dims_t all = {0}, steps = {0};
  for (int axis = 0; axis < rank && axis < DNNL_MAX_NDIMS; axis++) {
    all[axis] = extents[axis];
    steps[axis] = strides[axis];
  }
  return dnnl_memory_desc_init_by_strides(layout, rank, all, type, steps);
}

static inline dnnl_status_t cnn_layout_part(
  dnnl_memory_desc_t *part, dnnl_memory_desc_t parent, const dnnl_dim_t *extents,
  const dnnl_dim_t *offsets) {
  dnnl_dims_t all = {0}, starts = {0};
  for (int axis = 0; axis < parent.ndims; axis++) {
    all[axis] = extents[axis];
    starts[axis] = offsets[axis];
  }
  return dnnl_memory_desc_init_submemory(part, &parent, all, starts);
}

static inline size_t cnn_layout_size(dnnl_memory_desc_t layout) {
  return dnnl_memory_desc_get_size(&layout);
}

static inline int cnn_layout_equal(dnnl_memory_desc_t left, dnnl_memory_desc_t right) {
  return dnnl_memory_desc_equal(&left, &right);
}

static inline int cnn_layout_rank(dnnl_memory_desc_t layout) { return layout.ndims; }

static inline dnnl_dim_t cnn_layout_extent(dnnl_memory_desc_t layout, int axis) {
  return layout.dims[axis];
}

static inline dnnl_data_type_t cnn_layout_type(dnnl_memory_desc_t layout) {
  return layout.data_type;
}

// The same physical order with elements of another type.
static inline dnnl_memory_desc_t cnn_layout_retyped(
  dnnl_memory_desc_t layout, dnnl_data_type_t type) {
  layout.data_type = type;
  return layout;
}

static inline dnnl_status_t cnn_query_layout(
  dnnl_memory_desc_t *layout, const_dnnl_primitive_desc_t pd, dnnl_query_t query, int index) {
  const dnnl_memory_desc_t *found = dnnl_primitive_desc_query_md(pd, query, index);
  if (!found) return dnnl_invalid_arguments;
  *layout = *found;
  return dnnl_success;
}

// What the processor and the library's limits allow.
static inline int cnn_has_isa(dnnl_cpu_isa_t isa) {
  return (dnnl_get_effective_cpu_isa() & isa) == isa;
}

static inline dnnl_status_t cnn_create(
  dnnl_primitive_desc_t *pd, const_dnnl_op_desc_t op, dnnl_engine_t engine,
  const_dnnl_primitive_attr_t attr, const_dnnl_primitive_desc_t hint) {
  return dnnl_primitive_desc_create(pd, op, attr, engine, hint);
}

static inline dnnl_status_t cnn_convolution_forward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_prop_kind_t prop, dnnl_alg_kind_t alg, cnn_layout src, cnn_layout weights, cnn_layout bias,
  cnn_layout dst, const cnn_window *window) {
  dnnl_convolution_desc_t op;
  dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
    &op, prop, alg, src, weights, bias, dst, window->strides, window->dilates, window->padding_l,
    window->padding_r);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, NULL);
}

static inline dnnl_status_t cnn_convolution_backward_data(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_alg_kind_t alg, cnn_layout diff_src, cnn_layout weights, cnn_layout diff_dst,
  const cnn_window *window, const_dnnl_primitive_desc_t hint) {
  dnnl_convolution_desc_t op;
  dnnl_status_t status = dnnl_dilated_convolution_backward_data_desc_init(
    &op, alg, diff_src, weights, diff_dst, window->strides, window->dilates, window->padding_l,
    window->padding_r);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_convolution_backward_weights(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_alg_kind_t alg, cnn_layout src, cnn_layout diff_weights, cnn_layout diff_bias,
  cnn_layout diff_dst, const cnn_window *window, const_dnnl_primitive_desc_t hint) {
  dnnl_convolution_desc_t op;
  dnnl_status_t status = dnnl_dilated_convolution_backward_weights_desc_init(
    &op, alg, src, diff_weights, diff_bias, diff_dst, window->strides, window->dilates,
    window->padding_l, window->padding_r);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_linear_forward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_prop_kind_t prop, cnn_layout src, cnn_layout weights, cnn_layout bias, cnn_layout dst) {
  dnnl_inner_product_desc_t op;
  dnnl_status_t status = dnnl_inner_product_forward_desc_init(&op, prop, src, weights, bias, dst);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, NULL);
}

static inline dnnl_status_t cnn_linear_backward_data(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  cnn_layout diff_src, cnn_layout weights, cnn_layout diff_dst, const_dnnl_primitive_desc_t hint) {
  dnnl_inner_product_desc_t op;
  dnnl_status_t status =
    dnnl_inner_product_backward_data_desc_init(&op, diff_src, weights, diff_dst);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_linear_backward_weights(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr, cnn_layout src,
  cnn_layout diff_weights, cnn_layout diff_bias, cnn_layout diff_dst,
  const_dnnl_primitive_desc_t hint) {
  dnnl_inner_product_desc_t op;
  dnnl_status_t status =
    dnnl_inner_product_backward_weights_desc_init(&op, src, diff_weights, diff_bias, diff_dst);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_matmul(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr, cnn_layout src,
  cnn_layout weights, cnn_layout dst) {
  dnnl_matmul_desc_t op;
  dnnl_status_t status = dnnl_matmul_desc_init(&op, src, weights, NULL, dst);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, NULL);
}

static inline dnnl_status_t cnn_pooling_forward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_prop_kind_t prop, dnnl_alg_kind_t alg, cnn_layout src, cnn_layout dst,
  const cnn_window *window) {
  dnnl_pooling_desc_t op;
  dnnl_status_t status = dnnl_pooling_forward_desc_init(
    &op, prop, alg, src, dst, window->strides, window->kernel, window->padding_l,
    window->padding_r);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, NULL);
}

static inline dnnl_status_t cnn_pooling_backward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_alg_kind_t alg, cnn_layout diff_src, cnn_layout diff_dst, const cnn_window *window,
  const_dnnl_primitive_desc_t hint) {
  dnnl_pooling_desc_t op;
  dnnl_status_t status = dnnl_pooling_backward_desc_init(
    &op, alg, diff_src, diff_dst, window->strides, window->kernel, window->padding_l,
    window->padding_r);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_eltwise_forward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_prop_kind_t prop, dnnl_alg_kind_t alg, cnn_layout data, float alpha, float beta) {
  dnnl_eltwise_desc_t op;
  dnnl_status_t status = dnnl_eltwise_forward_desc_init(&op, prop, alg, data, alpha, beta);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, NULL);
}

static inline dnnl_status_t cnn_eltwise_backward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_alg_kind_t alg, cnn_layout diff, cnn_layout data, float alpha, float beta,
  const_dnnl_primitive_desc_t hint) {
  dnnl_eltwise_desc_t op;
  dnnl_status_t status = dnnl_eltwise_backward_desc_init(&op, alg, diff, data, alpha, beta);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_batch_norm_forward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_prop_kind_t prop, cnn_layout data, float epsilon, unsigned flags) {
  dnnl_batch_normalization_desc_t op;
  dnnl_status_t status =
    dnnl_batch_normalization_forward_desc_init(&op, prop, data, epsilon, flags);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, NULL);
}

static inline dnnl_status_t cnn_batch_norm_backward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  cnn_layout diff, cnn_layout data, float epsilon, unsigned flags,
  const_dnnl_primitive_desc_t hint) {
  dnnl_batch_normalization_desc_t op;
  dnnl_status_t status =
    dnnl_batch_normalization_backward_desc_init(&op, dnnl_backward, diff, data, epsilon, flags);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_lrn_forward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  dnnl_prop_kind_t prop, cnn_layout data, dnnl_dim_t size, float alpha, float beta, float k) {
  dnnl_lrn_desc_t op;
  dnnl_status_t status =
    dnnl_lrn_forward_desc_init(&op, prop, dnnl_lrn_across_channels, data, size, alpha, beta, k);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, NULL);
}

static inline dnnl_status_t cnn_lrn_backward(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr,
  cnn_layout diff, cnn_layout data, dnnl_dim_t size, float alpha, float beta, float k,
  const_dnnl_primitive_desc_t hint) {
  dnnl_lrn_desc_t op;
  dnnl_status_t status =
    dnnl_lrn_backward_desc_init(&op, dnnl_lrn_across_channels, diff, data, size, alpha, beta, k);
  return status != dnnl_success ? status : cnn_create(pd, &op, engine, attr, hint);
}

static inline dnnl_status_t cnn_reorder(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr, cnn_layout src,
  cnn_layout dst) {
  return dnnl_reorder_primitive_desc_create(pd, src, engine, dst, engine, attr);
}

// `srcs` are contiguous structs, as oneDNN 2.x takes them.
static inline dnnl_status_t cnn_sum(
  dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_primitive_attr_t attr, cnn_layout dst,
  int count, const float *scales, const dnnl_memory_desc_t *srcs) {
  return dnnl_sum_primitive_desc_create(pd, dst, count, scales, srcs, attr, engine);
}

#endif
