#ifndef FUZZ_DRIVER_H
#define FUZZ_DRIVER_H

#include <stddef.h>
#include <stdint.h>

// Runs libFuzzer with its own arguments; returns only where nothing was found.
int fuzz_run(int argc, char **argv, int (*body)(const uint8_t *bytes, size_t count));

// Writes the 512 bytes of a checkpoint's seal over some bytes.
void fuzz_seal(uint8_t *block, const uint8_t *bytes, size_t count);

// Sets the checksum of every whole chunk of a PNG file.
void fuzz_repair_png(uint8_t *bytes, size_t count);

// A file in memory with these bytes instead of what it held; `*descriptor` is -1 at first, and
// then stays open. 0 on success.
int fuzz_store(int *descriptor, const uint8_t *bytes, size_t count);

#endif
