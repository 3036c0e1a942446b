#ifndef CPNG_SHIM_INTERNAL_H
#define CPNG_SHIM_INTERNAL_H

#include <png.h>
#include "CPNGShim.h"

// The longest chunk that is read into memory (longer ones are skipped), and the most that a
// compressed one may inflate to: colour profiles and text of real files are far smaller.
#define CPNG_CHUNK_BYTES (32u << 20)
#define CPNG_INFLATED_BYTES (16u << 20)

enum { CPNG_PREFIX = 64, CPNG_BUFFER = 64 * 1024 };

// Where bytes come from: memory, or a prefix and then a descriptor.
typedef struct {
  const uint8_t *memory;
  size_t memory_count;
  int descriptor; // -1: memory only
  uint64_t max_bytes;
  uint64_t offset; // bytes handed to libpng
  size_t used;     // of `memory` or of `buffer`
  size_t filled;   // bytes in `buffer`
  uint8_t buffer[CPNG_BUFFER];
} cpng_source;

struct cpng_reader {
  png_structp png;
  png_infop info;
  cpng_limits limits;
  cpng_error error;
  cpng_header header;
  cpng_source source;
};

// libpng's read callback: jumps with a message where the source ends or fails.
void cpng_source_read(png_structp png, png_bytep into, size_t count);

// libpng's callback for chunks that the image does not need: refuses those that inflate without
// bound, and drops the rest.
int cpng_check_ancillary(png_structp png, png_unknown_chunkp chunk);

// libpng's error callback: keeps the message, the chunk and the offset, then jumps.
void cpng_fail(png_structp png, png_const_charp message);
void cpng_ignore_warning(png_structp png, png_const_charp message);

#endif
