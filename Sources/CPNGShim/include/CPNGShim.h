#ifndef CPNG_SHIM_H
#define CPNG_SHIM_H

#include <stddef.h>
#include <stdint.h>

// libpng reports errors with longjmp, which must not cross Swift frames. Every call that may jump
// happens below, behind setjmp, and comes back as a code with a message.

typedef enum {
  CPNG_OK = 0,
  CPNG_MALFORMED = 1,       // libpng refused a chunk
  CPNG_TRUNCATED = 2,       // the source ended before IEND
  CPNG_READ_FAILED = 3,     // read(2) failed; `system_error` has errno
  CPNG_DIMENSIONS = 4,      // a side or the number of pixels is beyond the limits
  CPNG_SOURCE_TOO_LONG = 5, // more bytes than the limits allow
  CPNG_OUT_OF_MEMORY = 6,
} cpng_status;

typedef struct {
  uint32_t max_side;   // pixels, of width and of height
  uint64_t max_pixels; // width × height
  uint64_t max_bytes;  // of the PNG itself
} cpng_limits;

typedef struct {
  cpng_status status;
  int system_error;
  uint64_t offset;   // bytes consumed when it happened
  char chunk[5];     // the chunk being read, or ""
  char message[160]; // libpng's words
} cpng_error;

typedef struct {
  uint32_t width, height;
  uint8_t channels;  // after expansion: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
  uint8_t bit_depth; // after expansion: 8 or 16
} cpng_header;

typedef struct cpng_reader cpng_reader;

// Starts reading a PNG in memory, which must stay valid until cpng_reader_free. NULL without
// memory.
cpng_reader *cpng_reader_of_memory(const uint8_t *bytes, size_t count, cpng_limits limits);

// Starts reading a PNG from a file descriptor, of which `prefix` has been read already (at most 64
// bytes; they are copied). The descriptor is borrowed. NULL without memory.
cpng_reader *cpng_reader_of_descriptor(
  int descriptor, const uint8_t *prefix, size_t prefix_count, cpng_limits limits);

// Reads up to the first IDAT and checks the limits. Allocates nothing that grows with the image.
cpng_status cpng_read_header(cpng_reader *reader, cpng_header *header);

// Decodes width × height × channels interleaved samples, of native byte order where they are of 16
// bits, and reads on to IEND. `byte_count` must be that of the header.
cpng_status cpng_read_samples(cpng_reader *reader, void *samples, size_t byte_count);

// Why the last call failed.
const cpng_error *cpng_reader_error(const cpng_reader *reader);

void cpng_reader_free(cpng_reader *reader);

// Encodes 8-bit gray (1 channel) or RGB (3). On success `*bytes` is to be freed with cpng_free.
cpng_status cpng_write(
  const uint8_t *samples, uint32_t width, uint32_t height, uint8_t channels, uint8_t **bytes,
  size_t *count, cpng_error *error);

void cpng_free(uint8_t *bytes);

#endif
