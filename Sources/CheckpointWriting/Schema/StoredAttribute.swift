import CHDF5

/// An attribute of a group to be written.
enum StoredAttribute {
  /// UTF-8 text of any length, which h5py reads as `str`.
  case text(String)
  /// An int64.
  case integer(Int)
  /// A uint64.
  case unsigned(UInt64)
  /// A uint8.
  case byte(UInt8)
  /// A float32.
  case float(Float)
  /// A list of float32.
  case floats([Float])
  /// What h5py reads as `bool`.
  case boolean(Bool)

  /// Writes the attribute.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - group: Its owner.
  /// - Throws: `HDF5Failure`.
  func write(_ name: String, of group: HDF5.Group) throws {
    func scalar<Value: BitwiseCopyable>(_ value: Value, _ type: hid_t) throws {
      try withUnsafePointer(to: value) {
        try HDF5.Attribute.write(name, of: group, type: type, values: $0)
      }
    }
    switch self {
    case .text(let text):
      let type = try HDF5.Datatype.text()
      try text.withCString { try scalar($0, type.id) }
    case .integer(let value): try scalar(Int64(value), hdf5_int64_le())
    case .unsigned(let value): try scalar(value, hdf5_uint64_le())
    case .byte(let value): try scalar(value, hdf5_uint8())
    case .float(let value): try scalar(value, hdf5_float32_le())
    case .floats(let values):
      try values.withUnsafeBytes { bytes in
        guard let address = bytes.baseAddress else { return }
        try HDF5.Attribute.write(
          name, of: group, type: hdf5_float32_le(), shape: [values.count], values: address)
      }
    case .boolean(let value):
      let type = try HDF5.Datatype.boolean()
      try scalar(Int8(value ? 1 : 0), type.id)
    }
  }
}
