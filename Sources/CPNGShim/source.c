#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

static void stop(png_structp png, cpng_status status, int system_error, const char *message) {
  cpng_reader *reader = png_get_io_ptr(png);
  reader->error.status = status;
  reader->error.system_error = system_error;
  png_error(png, message);
}

static void refill(png_structp png, cpng_source *source) {
  ssize_t count;
  do count = read(source->descriptor, source->buffer, CPNG_BUFFER);
  while (count < 0 && errno == EINTR);
  if (count < 0) stop(png, CPNG_READ_FAILED, errno, "read failed");
  source->filled = (size_t)count;
  source->used = 0;
}

void cpng_source_read(png_structp png, png_bytep into, size_t count) {
  cpng_reader *reader = png_get_io_ptr(png);
  cpng_source *source = &reader->source;
  if (count > source->max_bytes - source->offset)
    stop(png, CPNG_SOURCE_TOO_LONG, 0, "longer than the limit");
  while (count > 0) {
    const uint8_t *from = source->descriptor < 0 ? source->memory : source->buffer;
    size_t end = source->descriptor < 0 ? source->memory_count : source->filled;
    size_t available = end - source->used;
    if (available == 0) {
      if (source->descriptor >= 0) refill(png, source);
      if (source->descriptor < 0 || source->filled == 0)
        stop(png, CPNG_TRUNCATED, 0, "the data ends");
      continue;
    }
    size_t part = available < count ? available : count;
    memcpy(into, from + source->used, part);
    source->used += part;
    source->offset += part;
    into += part;
    count -= part;
  }
}
