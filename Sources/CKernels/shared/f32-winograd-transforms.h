// The transforms of Winograd's minimal filtering (Lavin & Gray 2016), for every ISA
// with vectors; needs its `vec`, `unaligned` and CNN_TARGET.
#ifndef F32_WINOGRAD_TRANSFORMS_H
#define F32_WINOGRAD_TRANSFORMS_H
#include "targets.h"

enum { largest = 8 };

CNN_INLINE CNN_TARGET vec load(const float *from) { return *(const unaligned *)from; }
CNN_INLINE CNN_TARGET void store(float *to, vec value) { *(unaligned *)to = value; }

// One of the transforms of a row or column; `order` is m, r or α.
typedef void (*transform)(const int order, vec[largest], const vec[largest]);

// Takes `size` × `size` vectors to `count` × `count`: their columns, then the rows of these. A
// vector is a step in y or x from its neighbour.
CNN_INLINE CNN_TARGET void transform_square(
  const int size, const int count, const transform transform_row, const float *from, int64_t from_y,
  int64_t from_x, float *to, int64_t to_y, int64_t to_x) {
  // The other extent is always α.
  const int order = size < count ? size : count;
  vec half[largest][largest], v[largest], d[largest];
#pragma clang loop unroll(full)
  for (int x = 0; x < size; x++) {
#pragma clang loop unroll(full)
    for (int y = 0; y < size; y++) d[y] = load(from + y * from_y + x * from_x);
    transform_row(order, v, d);
#pragma clang loop unroll(full)
    for (int y = 0; y < count; y++) half[y][x] = v[y];
  }
#pragma clang loop unroll(full)
  for (int y = 0; y < count; y++) {
    transform_row(order, v, half[y]);
#pragma clang loop unroll(full)
    for (int x = 0; x < count; x++) store(to + y * to_y + x * to_x, v[x]);
  }
}

// The points are 0, ±1, ±2, ±1/2 and ∞, of which α = 8 uses all, 6 all but ±1/2, 4 only 0, ±1 and
// ∞, and 1 none. The input's row of a point p holds the coefficients of ∏ (x − q) over the other
// points q; those of p and −p share an even and an odd part.

CNN_INLINE CNN_TARGET void transform_input(const int alpha, vec v[largest], const vec d[largest]) {
  if (alpha == 1) v[0] = d[0];
  if (alpha == 4) {
    v[0] = d[2] - d[0];
    v[1] = d[2] + d[1];
    v[2] = d[2] - d[1];
    v[3] = d[3] - d[1];
  }
  if (alpha == 6) {
    const vec even1 = d[4] - 4 * d[2], odd1 = d[3] - 4 * d[1];
    const vec even2 = d[4] - d[2], odd2 = d[3] - d[1];
    v[0] = (d[4] - 5 * d[2]) + 4 * d[0];
    v[1] = even1 + odd1;
    v[2] = even1 - odd1;
    v[3] = even2 + 2 * odd2;
    v[4] = even2 - 2 * odd2;
    v[5] = (d[5] - 5 * d[3]) + 4 * d[1];
  }
  if (alpha == 8) {
    const vec even1 = (d[6] + d[2]) - 4.25f * d[4], odd1 = (d[5] + d[1]) - 4.25f * d[3];
    const vec even2 = (d[6] - 1.25f * d[4]) + 0.25f * d[2];
    const vec odd2 = (d[5] - 1.25f * d[3]) + 0.25f * d[1];
    const vec even3 = (d[6] - 5 * d[4]) + 4 * d[2], odd3 = (d[5] - 5 * d[3]) + 4 * d[1];
    v[0] = (d[6] - d[0]) + 5.25f * (d[2] - d[4]);
    v[1] = even1 + odd1;
    v[2] = even1 - odd1;
    v[3] = even2 + 2 * odd2;
    v[4] = even2 - 2 * odd2;
    v[5] = even3 + 0.5f * odd3;
    v[6] = even3 - 0.5f * odd3;
    v[7] = (d[7] - d[1]) + 5.25f * (d[3] - d[5]);
  }
}

CNN_INLINE CNN_TARGET void transform_output(
  const int alpha, const int m, vec y[largest], const vec x[largest]) {
  if (alpha == 1) {
    y[0] = x[0];
    return;
  }
  // Output i is Σ pⁱ x(p), to which ∞ gives the last.
  float power1 = 1, power2 = 1;
#pragma clang loop unroll(full)
  for (int i = 0; i < m; i++) {
    vec sum = i % 2 ? x[1] - x[2] : x[1] + x[2];
    if (alpha >= 6) sum += power1 * (i % 2 ? x[3] - x[4] : x[3] + x[4]);
    if (alpha == 8) sum += power2 * (i % 2 ? x[5] - x[6] : x[5] + x[6]);
    if (i == 0) sum += x[0];
    if (i == m - 1) sum += x[alpha - 1];
    y[i] = sum;
    power1 *= 2;
    power2 *= 0.5f;
  }
}

#endif
