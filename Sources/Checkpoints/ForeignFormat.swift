/// Recognises what a file is that is no checkpoint.
package enum ForeignFormat {
  /// The signature of HDF5, at 0 or behind a user block.
  package static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  private static let signatures: [(bytes: [UInt8], name: String)] = [
    (hdf5, "HDF5"),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"),
    (Array("PK\u{3}\u{4}".utf8), "a ZIP archive (or a file of torch.save)"),
    ([0x1F, 0x8B], "a gzip archive"),
    ([0x80, 0x02], "a Python pickle"),
    ([0, 0, 8], "an IDX data set"),
  ]

  /// What `describe` calls the formats that `cnn-infer import` takes in by their names' endings.
  static let importable: Set<String> = [safetensors, onnx]
  private static let safetensors = "a safetensors file"
  private static let onnx = "an ONNX model"

  /// What the first bytes look like.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: `a PNG image`, say.
  package static func describe(_ bytes: UnsafeRawBufferPointer) -> String {
    for (signature, name) in signatures where bytes.starts(with: signature) { return name }
    // Eight bytes of a header's length, of which no file has so many that the last is used, and JSON.
    if bytes.count > 9, bytes[7] == 0, bytes[8] == 0x7B { return safetensors }
    // Protobuf: the version of the representation, a small number, then the producer's name or the graph.
    if bytes.starts(with: [0x08]), bytes.count > 3, (3..<32).contains(bytes[1]),
      [0x12, 0x3A, 0x42].contains(bytes[2])
    {
      return onnx
    }
    let head = bytes.prefix(512)
    let isText = head.allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
    if isText { return "text" }
    return head.allSatisfy { $0 == 0 } ? "a file of zeros" : "data of another kind"
  }
}
