#ifndef CKERNELS_PEAKS_H
#define CKERNELS_PEAKS_H

// What a core can do at most, for `benchmark --layers`: multiply–adds that never wait for one
// another, and memory that is read and nothing else.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The multiply–adds of a round of `cnn_f32_peak_…`.
enum {
  cnn_f32_peak_scalar_width = 64,
  cnn_f32_peak_avx2_width = 12 * 8,
  cnn_f32_peak_avx512_width = 12 * 16,
  cnn_f32_peak_neon_width = 24 * 4,
};

/// Runs `rounds` rounds of independent multiply–adds; the result keeps them from being left out.
#define CNN_F32_PEAKS(tile, isa)                                                                   \
  float cnn_f32_peak_##tile##_##isa(int64_t rounds);                                               \
  float cnn_f32_peak_read_##tile##_##isa(const float *memory, int64_t count);

CNN_F32_PEAKS(64x1, scalar)
CNN_F32_PEAKS(12x8, avx2)
CNN_F32_PEAKS(12x16, avx512)
CNN_F32_PEAKS(24x4, neon)

#ifdef __cplusplus
}
#endif

#endif
