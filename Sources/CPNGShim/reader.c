#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

void cpng_fail(png_structp png, png_const_charp message) {
  cpng_error *error = png_get_error_ptr(png);
  if (error->status == CPNG_OK) error->status = CPNG_MALFORMED;
  if (strcmp(message, "Out of memory") == 0) error->status = CPNG_OUT_OF_MEMORY;
  snprintf(error->message, sizeof error->message, "%s", message);
  uint32_t type = png_get_io_chunk_type(png);
  for (int index = 0; index < 4; ++index) {
    char letter = (char)(type >> (24 - 8 * index));
    int isLetter = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
    if (!isLetter) {
      error->chunk[0] = 0;
      break;
    }
    error->chunk[index] = letter;
  }
  png_longjmp(png, 1);
}

void cpng_ignore_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static cpng_reader *make_reader(cpng_limits limits) {
  cpng_reader *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->limits = limits;
  reader->source.descriptor = -1;
  reader->source.max_bytes = limits.max_bytes;
  reader->png =
    png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader->error, cpng_fail, cpng_ignore_warning);
  if (reader->png) reader->info = png_create_info_struct(reader->png);
  if (!reader->info) {
    cpng_reader_free(reader);
    return NULL;
  }
  png_set_read_fn(reader->png, reader, cpng_source_read);
  return reader;
}

cpng_reader *cpng_reader_of_memory(const uint8_t *bytes, size_t count, cpng_limits limits) {
  cpng_reader *reader = make_reader(limits);
  if (!reader) return NULL;
  reader->source.memory = bytes;
  reader->source.memory_count = count;
  return reader;
}

cpng_reader *cpng_reader_of_descriptor(
  int descriptor, const uint8_t *prefix, size_t prefix_count, cpng_limits limits) {
  if (prefix_count > CPNG_PREFIX) return NULL;
  cpng_reader *reader = make_reader(limits);
  if (!reader) return NULL;
  reader->source.descriptor = descriptor;
  memcpy(reader->source.buffer, prefix, prefix_count);
  reader->source.filled = prefix_count;
  return reader;
}

static cpng_status failure(cpng_reader *reader) {
  reader->error.offset = reader->source.offset;
  return reader->error.status;
}

// The pixels alone decide: gamma, profiles, text and the like are skipped, with their CRCs checked.
static void configure(png_structp png) {
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // ours are checked with a message
  png_set_chunk_malloc_max(png, CPNG_CHUNK_BYTES);
  png_set_chunk_cache_max(png, 1000);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_read_user_chunk_fn(png, NULL, cpng_check_ancillary);
}

// Palette to RGB, 1, 2 and 4 bits to 8, a transparent colour to alpha.
static void expand(png_structp png, png_infop info) {
  png_byte type = png_get_color_type(png, info);
  png_byte depth = png_get_bit_depth(png, info);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (type == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (png_get_valid(png, info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(png);
  const uint16_t one = 1;
  if (depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
}

static int within(cpng_limits limits, uint32_t width, uint32_t height) {
  return width <= limits.max_side && height <= limits.max_side
    && (uint64_t)width * height <= limits.max_pixels;
}

cpng_status cpng_read_header(cpng_reader *reader, cpng_header *header) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return failure(reader);
  configure(png);
  png_read_info(png, reader->info);
  header->width = png_get_image_width(png, reader->info);
  header->height = png_get_image_height(png, reader->info);
  if (!within(reader->limits, header->width, header->height)) {
    reader->error.status = CPNG_DIMENSIONS;
    return failure(reader);
  }
  expand(png, reader->info);
  int type = png_get_color_type(png, reader->info);
  int alpha = (type & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, reader->info, PNG_INFO_tRNS);
  header->channels = (type & PNG_COLOR_MASK_COLOR ? 3 : 1) + (alpha ? 1 : 0);
  header->bit_depth = png_get_bit_depth(png, reader->info) == 16 ? 16 : 8;
  reader->header = *header;
  return CPNG_OK;
}

cpng_status cpng_read_samples(cpng_reader *reader, void *samples, size_t byte_count) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return failure(reader);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  size_t stride = png_get_rowbytes(png, reader->info);
  const cpng_header *header = &reader->header;
  size_t expected = (size_t)header->width * header->channels * (header->bit_depth / 8);
  if (stride != expected || byte_count != stride * header->height)
    png_error(png, "unexpected row size");
  for (int pass = 0; pass < passes; ++pass)
    for (uint32_t row = 0; row < header->height; ++row)
      png_read_row(png, (png_bytep)samples + row * stride, NULL);
  png_read_end(png, NULL);
  return CPNG_OK;
}

const cpng_error *cpng_reader_error(const cpng_reader *reader) { return &reader->error; }

void cpng_reader_free(cpng_reader *reader) {
  if (!reader) return;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}
