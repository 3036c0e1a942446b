// What Swift cannot import from hdf5.h: macros that call H5open, and functions that are macros
// over numbered versions. HDF5 1.10's interfaces are asked for by name, so that later libraries
// give the same ones.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#ifndef H5_USE_110_API
#define H5_USE_110_API
#endif
#include <hdf5.h>
#include <stdint.h>

// Datatypes. The identifiers belong to the library and are not closed.
static inline hid_t hdf5_float32_le(void) { return H5T_IEEE_F32LE; }
static inline hid_t hdf5_float32_be(void) { return H5T_IEEE_F32BE; }
static inline hid_t hdf5_float64_le(void) { return H5T_IEEE_F64LE; }
static inline hid_t hdf5_float64_be(void) { return H5T_IEEE_F64BE; }
static inline hid_t hdf5_int8(void) { return H5T_STD_I8LE; }
static inline hid_t hdf5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t hdf5_int64_le(void) { return H5T_STD_I64LE; }
static inline hid_t hdf5_uint64_le(void) { return H5T_STD_U64LE; }
static inline hid_t hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t hdf5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t hdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t hdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t hdf5_c_string(void) { return H5T_C_S1; }
static inline size_t hdf5_variable_length(void) { return H5T_VARIABLE; }

// Property list classes.
static inline hid_t hdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t hdf5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t hdf5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t hdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t hdf5_link_create(void) { return H5P_LINK_CREATE; }
static inline hid_t hdf5_attribute_create(void) { return H5P_ATTRIBUTE_CREATE; }

// Constants behind casts or H5open.
static inline hid_t hdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t hdf5_all(void) { return H5S_ALL; }
static inline hid_t hdf5_error_stack(void) { return H5E_DEFAULT; }
static inline unsigned hdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned hdf5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned hdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline haddr_t hdf5_undefined_address(void) { return HADDR_UNDEF; }

/// An object reached by one link: its type, its address and how many attributes it has.
static inline herr_t hdf5_object_info(
  hid_t location, const char *name, H5O_type_t *type, haddr_t *address, hsize_t *attributes) {
  H5O_info_t info;
  herr_t status = H5Oget_info_by_name(location, name, &info, H5P_DEFAULT);
  if (status >= 0) {
    *type = info.type;
    *address = info.addr;
    *attributes = info.num_attrs;
  }
  return status;
}

/// Called with each link's name and type; another result than 0 ends the walk.
typedef herr_t (*hdf5_link_visitor)(
  hid_t group, const char *name, const H5L_info_t *link, void *context);

/// Walks a group's own links without following them.
static inline herr_t hdf5_each_link(hid_t group, hdf5_link_visitor visitor, void *context) {
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, visitor, context);
}

#endif
