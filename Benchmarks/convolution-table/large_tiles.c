// F(4 × 4, 5 × 5) and F(6 × 6, 3 × 3), as WinogradPasses has them: some images at a time.
#include "timing.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 64 };

// Tiles along an axis of a map.
static int64_t grid(shape s) { return (s.rows + 8 - s.kernel) / (9 - s.kernel); }

// The most images whose points take no more than 32 MB.
static int group(shape s) {
  int64_t bytes = grid(s) * grid(s) * (s.channels + s.outputs) * POINTS * 4;
  int images = batch < 64 ? batch : 64;
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
  dnnl_exec_arg_t arguments[] = {
    {DNNL_ARG_SRC, left.memory}, {DNNL_ARG_WEIGHTS, right.memory}, {DNNL_ARG_DST, target.memory}};
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
        .pixel_stride = 16,
        .height = s.rows,
        .width = s.rows,
        .first_row = -before,
        .first_column = -before,
        .step = 9 - s.kernel,
        .tile_rows = side,
        .tile_columns = side,
        .points = p.floats + image * side * side * channels + block * 16,
        .point_stride = p.stride,
        .tile_stride = channels,
        .clamp = {-INFINITY, INFINITY}};
      kernel(&task);
    }
}

static void filters(
  void (*kernel)(const cnn_f32_winograd_filters *), shape s, float *taps, points p) {
  int64_t count = (int64_t)s.channels * s.outputs;
#pragma omp parallel for
  for (int64_t place = 0; place < count; place += 16) {
    cnn_f32_winograd_filters task = {
      .kernel = s.kernel,
      .taps = taps + place,
      .tap_stride = count,
      .points = p.floats + place,
      .point_stride = p.stride};
    kernel(&task);
  }
}

// A pass over the whole batch: maps of `from` channels to points on the left, maps or taps and
// points that they become or come from.
typedef struct {
  shape shape;
  int from, to;
  float *source, *target, *taps;
  points left, right, result;
  dnnl_primitive_t primitive;
} large_pass;

static void convolve(const void *task) {
  const large_pass *p = task;
  int64_t plane = (int64_t)p->shape.rows * p->shape.rows;
  filters(cnn_f32_winograd_blocks_filters_16_wide, p->shape, p->taps, p->right);
  for (int64_t image = 0; image < batch; image += group(p->shape)) {
    tiles(
      cnn_f32_winograd_blocks_input_16_wide, p->shape, p->source + image * p->from * plane, p->from,
      p->shape.padding, p->left);
    multiply(p->primitive, p->left, p->right, p->result);
    tiles(
      cnn_f32_winograd_blocks_output_16_wide, p->shape, p->target + image * p->to * plane, p->to, 0,
      p->result);
  }
}

static void differentiate(const void *task) {
  const large_pass *p = task;
  int64_t plane = (int64_t)p->shape.rows * p->shape.rows;
  memset(p->result.floats, 0, sizeof(float) * POINTS * (size_t)p->result.stride);
  for (int64_t image = 0; image < batch; image += group(p->shape)) {
    tiles(
      cnn_f32_winograd_blocks_input_16_wide, p->shape, p->source + image * p->from * plane, p->from,
      p->shape.padding, p->left);
    tiles(
      cnn_f32_winograd_blocks_gradient_16_wide, p->shape, p->target + image * p->to * plane, p->to,
      0, p->right);
    multiply(p->primitive, p->left, p->right, p->result);
  }
  filters(cnn_f32_winograd_blocks_filter_gradient_16_wide, p->shape, p->taps, p->result);
}

double large_tiles(shape s, int from, int to, int by_weights) {
  int64_t plane = (int64_t)s.rows * s.rows, rows = group(s) * grid(s) * grid(s);
  large_pass p = {
    .shape = s,
    .from = from,
    .to = to,
    .source = floats(batch * from * plane),
    .target = floats(batch * to * plane),
    .taps = floats((int64_t)s.kernel * s.kernel * from * to),
    .left = make_points(rows, from, by_weights),
    .right = by_weights ? make_points(rows, to, 0) : make_points(from, to, 0),
    .result = by_weights ? make_points(from, to, 0) : make_points(rows, to, 0)};
  p.primitive = product(p.left, p.right, p.result, by_weights);
  double time = milliseconds(by_weights ? differentiate : convolve, &p);
  free(p.source), free(p.target), free(p.taps);
  release(p.left.memory), release(p.right.memory), release(p.result.memory);
  dnnl_primitive_destroy(p.primitive);
  return time;
}
