#include <stdlib.h>
#include <string.h>
#include "internal.h"

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} growing;

static void append(png_structp png, png_bytep from, size_t count) {
  growing *output = png_get_io_ptr(png);
  if (count > SIZE_MAX / 4 - output->count) png_error(png, "Out of memory");
  if (output->count + count > output->capacity) {
    size_t capacity = 2 * (output->count + count);
    uint8_t *bytes = realloc(output->bytes, capacity);
    if (!bytes) png_error(png, "Out of memory");
    output->bytes = bytes;
    output->capacity = capacity;
  }
  memcpy(output->bytes + output->count, from, count);
  output->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

// All that may jump; `output` is the caller's, so that its contents survive the jump.
static cpng_status encode(
  png_structp png, png_infop info, const uint8_t *samples, uint32_t width, uint32_t height,
  uint8_t channels, growing *output) {
  if (setjmp(png_jmpbuf(png))) return CPNG_MALFORMED;
  png_set_write_fn(png, output, append, flush_nothing);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  int type = channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
  png_set_IHDR(
    png, info, width, height, 8, type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
    PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t row = 0; row < height; ++row)
    png_write_row(png, samples + (size_t)row * width * channels);
  png_write_end(png, info);
  return CPNG_OK;
}

cpng_status cpng_write(
  const uint8_t *samples, uint32_t width, uint32_t height, uint8_t channels, uint8_t **bytes,
  size_t *count, cpng_error *error) {
  memset(error, 0, sizeof *error);
  growing output = {0};
  png_structp png =
    png_create_write_struct(PNG_LIBPNG_VER_STRING, error, cpng_fail, cpng_ignore_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  cpng_status status = CPNG_OUT_OF_MEMORY;
  if (info) status = encode(png, info, samples, width, height, channels, &output);
  png_destroy_write_struct(&png, &info);
  if (status != CPNG_OK) {
    error->status = error->status == CPNG_OK ? status : error->status;
    free(output.bytes);
    return error->status;
  }
  *bytes = output.bytes;
  *count = output.count;
  return CPNG_OK;
}

void cpng_free(uint8_t *bytes) { free(bytes); }
