// Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, §3.3), 16 blocks at a time. A file of each
// ISA includes this once, with CNN_ISA and CNN_TARGET as in f32-maps.h.
#include "CKernels.h"
#include "../shared/names.h"
#include "../shared/targets.h"

#define CNN_LANES 16
#include "../shared/shuffles.h"

typedef uint32_t words __attribute__((vector_size(64)));
typedef uint64_t pairs __attribute__((vector_size(64)));
typedef uint32_t unaligned __attribute__((vector_size(64), aligned(4), may_alias));

// Both halves of the products of 16 words by a constant.
CNN_INLINE void multiply(const words *x, const uint64_t factor, words *high, words *low) {
  const pairs mask = (pairs){} + 0xFFFFFFFF;
  const pairs even = ((pairs)*x & mask) * factor, odd = ((pairs)*x >> 32) * factor;
  *high = (words)((even >> 32) | (odd & ~mask));
  *low = (words)((even & mask) | (odd << 32));
}

CNN_INLINE void blocks(uint64_t first, uint64_t stream, uint64_t seed, uint32_t *output) {
  words c0, c1;
  // Lane 4q + k has block 4k + q: transposing quads then leaves the blocks in order.
  for (int lane = 0; lane < 16; lane++) {
    const uint64_t index = first + (uint64_t)(lane % 4 * 4 + lane / 4);
    c0[lane] = (uint32_t)index;
    c1[lane] = (uint32_t)(index >> 32);
  }
  words c2 = (words){} + (uint32_t)stream, c3 = (words){} + (uint32_t)(stream >> 32);
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    words high0, low0, high2, low2;
    multiply(&c0, 0xD2511F53, &high0, &low0);
    multiply(&c2, 0xCD9E8D57, &high2, &low2);
    c0 = high2 ^ c1 ^ k0;
    c1 = low2;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  const words a = LOW(c0, c1), b = HIGH(c0, c1), c = LOW(c2, c3), d = HIGH(c2, c3);
  const words rows[4] = {LOW_PAIRS(a, c), HIGH_PAIRS(a, c), LOW_PAIRS(b, d), HIGH_PAIRS(b, d)};
  for (int row = 0; row < 4; row++) *(unaligned *)(output + 16 * row) = rows[row];
}

CNN_TARGET void CNN_NAME(cnn_u32_philox_)(
  uint64_t first, int64_t count, uint64_t stream, uint64_t seed, uint32_t *output) {
  for (int64_t i = 0; i < count; i += 16) blocks(first + (uint64_t)i, stream, seed, output + 4 * i);
}
