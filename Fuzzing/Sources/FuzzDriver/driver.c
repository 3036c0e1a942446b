#define _GNU_SOURCE
#define XXH_INLINE_ALL
#include "FuzzDriver.h"
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>
#include <zlib.h>

// Of the fuzzer's run-time library without a main of its own.
extern int LLVMFuzzerRunDriver(
  int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

int fuzz_run(int argc, char **argv, int (*body)(const uint8_t *bytes, size_t count)) {
  return LLVMFuzzerRunDriver(&argc, &argv, body);
}

void fuzz_seal(uint8_t *block, const uint8_t *bytes, size_t count) {
  XXH128_hash_t hash = XXH3_128bits(bytes, count);
  memset(block, 0, 512);
  snprintf(
    (char *)block, 512, "cnn-checkpoint 1\n%zu\n%016llx%016llx\n", count,
    (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void fuzz_repair_png(uint8_t *bytes, size_t count) {
  size_t at = 8;
  while (at + 12 <= count) {
    size_t length = big_endian(bytes + at);
    if (length > count - at - 12) return;
    uint32_t sum = (uint32_t)crc32(0, bytes + at + 4, (uInt)(length + 4));
    for (int index = 0; index < 4; ++index)
      bytes[at + 8 + length + index] = (uint8_t)(sum >> (24 - 8 * index));
    at += length + 12;
  }
}

int fuzz_store(int *descriptor, const uint8_t *bytes, size_t count) {
  if (*descriptor < 0) *descriptor = memfd_create("fuzz", MFD_CLOEXEC);
  if (*descriptor < 0 || ftruncate(*descriptor, 0) != 0) return -1;
  return pwrite(*descriptor, bytes, count, 0) == (ssize_t)count ? 0 : -1;
}
