/// An IDX file of bytes, whole in memory: the format of MNIST
/// (LeCun, Cortes & Burges, "The MNIST database", file formats).
///
/// Big-endian: two zero bytes, 8 for unsigned bytes, the number of dimensions; then each dimension as
/// a 32-bit integer; then the elements.
struct IDXFile {
  let path: String
  /// The extents, the number of items first.
  let dimensions: [Int]
  /// The elements, row-major.
  let bytes: [UInt8]
  /// The offset of the first element in the (inflated) file.
  var headerSize: Int { 4 + 4 * dimensions.count }

  /// Reads a file, gzip or not.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - rank: The number of dimensions it must have: 3 for images, 1 for labels.
  /// - Throws: `DatasetError`, with file and offset.
  init(path: String, rank: Int) throws {
    self.path = path
    let file = try InflatingFile(path: path)
    let size = 4 + 4 * rank
    let magic = try Self.read(4, from: file, expected: size)
    guard magic == [0, 0, 8, UInt8(rank)] else {
      let found = magic.reduce(0) { $0 << 8 | Int($1) }
      throw DatasetError.malformed(
        path: path, offset: 0,
        detail: "magic number \(found) instead of \(0x800 + rank) (unsigned bytes, \(rank)-D)")
    }
    let extents = try Self.read(4 * rank, from: file, expected: size)
    dimensions = (0..<rank).map { index in
      extents[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let count = try Self.elementCount(dimensions, file: file, headerSize: size)
    bytes = try Self.read(count, from: file, expected: size + count)
    try Self.expectEnd(of: file)
  }

  private static func elementCount(
    _ dimensions: [Int], file: InflatingFile, headerSize: Int
  ) throws -> Int {
    for (index, extent) in dimensions.enumerated() where index > 0 {
      guard (1...65_536).contains(extent) else {
        throw DatasetError.malformed(
          path: file.path, offset: 4 + 4 * index, detail: "images of \(extent) rows or columns")
      }
    }
    // Held against the file's own size before anything is allocated.
    let (count, overflow) = dimensions.reduce((1, false)) { product, extent in
      let next = product.0.multipliedReportingOverflow(by: extent)
      return (next.partialValue, product.1 || next.overflow)
    }
    let (end, endOverflow) = count.addingReportingOverflow(headerSize)
    if !overflow, !endOverflow, !file.isCompressed, end > file.fileSize {
      throw DatasetError.truncated(path: file.path, offset: file.fileSize, expected: end)
    }
    guard !overflow, !endOverflow, end <= file.largestContent else {
      throw DatasetError.malformed(
        path: file.path, offset: 4,
        detail:
          "\(dimensions.map(String.init).joined(separator: "×")) bytes are more than the file "
          + "can hold")
    }
    guard count > 0 else {
      throw DatasetError.malformed(path: file.path, offset: 4, detail: "no items")
    }
    return count
  }

  private static func read(
    _ count: Int, from file: InflatingFile, expected: Int
  ) throws -> [UInt8] {
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let room = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      initialized = try file.read(into: room)
    }
    guard bytes.count == count else {
      throw DatasetError.truncated(path: file.path, offset: file.offset, expected: expected)
    }
    return bytes
  }

  private static func expectEnd(of file: InflatingFile) throws {
    let end = file.offset
    var extra: UInt8 = 0
    let count = try withUnsafeMutablePointer(to: &extra) {
      try file.read(into: UnsafeMutableBufferPointer(start: $0, count: 1))
    }
    guard count == 0 else {
      throw DatasetError.malformed(
        path: file.path, offset: end, detail: "bytes follow the last element")
    }
  }
}
