#include <string.h>
#include <zlib.h>
#include "internal.h"

// Deflate expands at most 1032 times (RFC 1951: 258 bytes from two bits), so a chunk shorter than
// this cannot pass the limit and need not be inflated.
#define HARMLESS_BYTES (CPNG_INFLATED_BYTES / 1032)

// The first compressed byte: after the keyword and the method, and in iTXt after two flags and two
// more strings (PNG specification, §11.3.3 and §11.3.4). `size` where the chunk is not compressed.
static size_t compressed_start(const char *name, const png_byte *data, size_t size) {
  const png_byte *end = memchr(data, 0, size);
  if (!end) return size;
  size_t at = (size_t)(end - data) + 1;
  if (strcmp(name, "iTXt") != 0) return at + 1 < size ? at + 1 : size;
  if (at + 2 >= size || data[at] == 0) return size;
  at += 2;
  for (int string = 0; string < 2; ++string) {
    end = memchr(data + at, 0, size - at);
    if (!end) return size;
    at = (size_t)(end - data) + 1;
  }
  return at;
}

// Whether a zlib stream inflates beyond the limit. Damaged streams do not: nothing uses them.
static int inflates_too_far(const png_byte *data, size_t size) {
  png_byte output[16 * 1024];
  z_stream stream = {0};
  if (inflateInit(&stream) != Z_OK) return 1;
  stream.next_in = (Bytef *)data;
  stream.avail_in = (uInt)size;
  size_t total = 0;
  int status = Z_OK;
  while (status == Z_OK && total <= CPNG_INFLATED_BYTES) {
    stream.next_out = output;
    stream.avail_out = sizeof output;
    status = inflate(&stream, Z_NO_FLUSH);
    total += sizeof output - stream.avail_out;
  }
  inflateEnd(&stream);
  return total > CPNG_INFLATED_BYTES;
}

int cpng_check_ancillary(png_structp png, png_unknown_chunkp chunk) {
  const char *name = (const char *)chunk->name;
  if (!(chunk->name[0] & 0x20)) return 0; // unknown and critical: libpng refuses it
  int compressed =
    strcmp(name, "zTXt") == 0 || strcmp(name, "iCCP") == 0 || strcmp(name, "iTXt") == 0;
  if (compressed && chunk->size > HARMLESS_BYTES) {
    size_t start = compressed_start(name, chunk->data, chunk->size);
    if (start < chunk->size && inflates_too_far(chunk->data + start, chunk->size - start))
      png_chunk_error(png, "inflates to more than 16 MiB");
  }
  return 1;
}
