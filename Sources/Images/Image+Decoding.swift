import Files

extension Image {
  /// Decodes a PNG file of any colour type, depth and interlacing.
  ///
  /// Palettes become RGB, 1, 2 and 4 bits 8, transparent colours alpha. Gamma, profiles and text
  /// are ignored; their checksums are not.
  ///
  /// - Parameters:
  ///   - path: A regular file; pipes and devices are refused without waiting for them.
  ///   - limits: What is refused before memory is allocated for it.
  /// - Throws: `ImageError`, which says what the file is and where it is damaged.
  public init(pngFile path: String, limits: ImageLimits = ImageLimits()) throws {
    self = try RegularFile.forImage(path).withDescriptor { descriptor in
      let reader = try PNGReader(descriptor: descriptor, source: path, limits: limits)
      return try reader.image(reader.header())
    }
  }

  /// Decodes a PNG that is read from an open descriptor, which stays open.
  ///
  /// - Parameters:
  ///   - descriptor: Open for reading; 0 is standard input.
  ///   - name: The name for messages.
  ///   - limits: What is refused before memory is allocated for it.
  /// - Throws: `ImageError`.
  public init(
    pngDescriptor descriptor: Int32, name: String = "standard input",
    limits: ImageLimits = ImageLimits()
  ) throws {
    let reader = try PNGReader(descriptor: descriptor, source: name, limits: limits)
    self = try reader.image(reader.header())
  }

  /// Decodes a PNG in memory.
  ///
  /// - Parameters:
  ///   - bytes: The whole PNG.
  ///   - name: The name for messages.
  ///   - limits: What is refused before memory is allocated for it.
  /// - Throws: `ImageError`.
  public init(
    png bytes: [UInt8], name: String = "PNG in memory", limits: ImageLimits = ImageLimits()
  ) throws {
    self = try bytes.withUnsafeBufferPointer { memory in
      let reader = try PNGReader(memory: memory, source: name, limits: limits)
      return try reader.image(reader.header())
    }
  }
}

extension PNGHeader {
  /// Reads a PNG file up to its first pixels: what can be known without decoding it.
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - limits: What is refused.
  /// - Throws: `ImageError`, as decoding would.
  public init(pngFile path: String, limits: ImageLimits = ImageLimits()) throws {
    self = try RegularFile.forImage(path).withDescriptor { descriptor in
      try PNGReader(descriptor: descriptor, source: path, limits: limits).header()
    }
  }
}

extension RegularFile {
  /// Opens an image's file.
  ///
  /// - Parameter path: The file.
  /// - Returns: The open file, not empty.
  /// - Throws: `ImageError.cannotOpen`, `.notAFile` or `.empty`.
  fileprivate static func forImage(_ path: String) throws -> RegularFile {
    do {
      let file = try RegularFile(path)
      guard file.byteCount > 0 else { throw ImageError.empty(source: path) }
      return file
    } catch FileError.notRegular(let kind) {
      throw ImageError.notAFile(source: path, kind: kind)
    } catch let error as FileError {
      throw ImageError.cannotOpen(source: path, reason: error.reason)
    }
  }
}
