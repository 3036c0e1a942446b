extension Structure {
  /// A message of an object's header: one property of the object.
  struct Message {
    /// The messages that matter here (§IV.A.2).
    enum Kind: UInt16 {
      case dataspace = 0x01
      case linkInfo = 0x02
      case datatype = 0x03
      case link = 0x06
      case externalFiles = 0x07
      case layout = 0x08
      case filters = 0x0B
      case attribute = 0x0C
      case continuation = 0x10
      case symbolTable = 0x11
      case attributeInfo = 0x15
    }

    /// What it is about.
    let kind: Kind
    /// Whether the body is only a pointer to where the property is stored.
    let isShared: Bool
    /// The property.
    let body: UnsafeRawBufferPointer
  }

  /// An object: its header's messages.
  struct Object {
    /// Where it lies: two links to one object share it.
    let address: UInt64
    /// The messages of interest, in order.
    private(set) var messages: [Message] = []

    /// The most pieces of a header.
    private static let pieceLimit = 1 << 14

    /// Reads a header (§IV.A.1).
    ///
    /// - Parameters:
    ///   - address: Its address.
    ///   - structure: The file.
    /// - Throws: `HDF5Failure`.
    init(at address: UInt64, in structure: Structure) throws {
      self.address = address
      var cursor = try structure.cursor(at: address)
      let start = try cursor.take(4)
      if start.elementsEqual("OHDR".utf8) {
        try readNew(&cursor, structure)
      } else if start[0] == 1 {
        try readOld(&cursor, structure)
      } else {
        throw Structure.failure("an address leads to no object")
      }
    }

    /// The first message of a kind.
    ///
    /// - Parameter kind: The kind.
    /// - Returns: Its body, or nil where there is none.
    /// - Throws: `HDF5Failure` where it is stored elsewhere.
    func body(_ kind: Message.Kind) throws -> UnsafeRawBufferPointer? {
      guard let message = messages.first(where: { $0.kind == kind }) else { return nil }
      guard !message.isShared else { throw Structure.foreign("a shared property") }
      return message.body
    }

    /// Whether the header has a message of a kind.
    func has(_ kind: Message.Kind) -> Bool { messages.contains { $0.kind == kind } }

    /// Version 2 (§IV.A.1.b): pieces with a signature before and a checksum behind them.
    private mutating func readNew(_ cursor: inout ByteCursor, _ structure: Structure) throws {
      guard try cursor.byte() == 2 else { throw Structure.failure("an object has another version") }
      let flags = try cursor.byte()
      try cursor.skip((flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0))
      let size = try cursor.count(1 << Int(flags & 3))
      let headerSize = flags & 0x04 != 0 ? 6 : 4
      var pending = [ByteCursor(try cursor.take(size))]
      var pieces = 0
      while var piece = pending.popLast() {
        pieces += 1
        guard pieces <= Self.pieceLimit else { throw Structure.failure("a header never ends") }
        while piece.remaining >= headerSize {
          let type = UInt16(try piece.byte())
          let length = try piece.count(2)
          let flags = try piece.byte()
          try piece.skip(headerSize - 4)
          try append(type, flags, piece.take(length), structure)
          guard let next = try continuation() else { continue }
          var cursor = try structure.cursor(at: next.address)
          guard try cursor.take(4).elementsEqual("OCHK".utf8), next.size >= 8 else {
            throw Structure.failure("a header goes on where nothing is")
          }
          pending.append(ByteCursor(try cursor.take(next.size - 8)))
        }
      }
    }

    /// Version 1 (§IV.A.1.a): a number of messages, over pieces without signatures.
    private mutating func readOld(_ cursor: inout ByteCursor, _ structure: Structure) throws {
      // Four bytes are read: the version, a reserved one and the number of messages.
      var prefix = try structure.cursor(at: address)
      try prefix.skip(2)
      var left = try prefix.count(2)
      try cursor.skip(4)
      let size = try cursor.count(4)
      try cursor.skip(4)
      var pending = [ByteCursor(try cursor.take(size))]
      while var piece = pending.popLast() {
        while left > 0, piece.remaining >= 8 {
          left -= 1
          let type = UInt16(truncatingIfNeeded: try piece.number(2))
          let length = try piece.count(2)
          let flags = try piece.byte()
          try piece.skip(3)
          try append(type, flags, piece.take(length), structure)
          guard let next = try continuation() else { continue }
          var cursor = try structure.cursor(at: next.address)
          pending.append(ByteCursor(try cursor.take(next.size)))
        }
      }
    }

    private mutating func append(
      _ type: UInt16, _ flags: UInt8, _ body: UnsafeRawBufferPointer, _ structure: Structure
    ) throws {
      try structure.spend()
      guard let kind = Message.Kind(rawValue: type) else { return }
      messages.append(Message(kind: kind, isShared: flags & 2 != 0, body: body))
    }

    /// Takes a continuation off the messages, if it is the last: where the header goes on.
    private mutating func continuation() throws -> (address: UInt64, size: Int)? {
      guard let last = messages.last, last.kind == .continuation else { return nil }
      messages.removeLast()
      var cursor = ByteCursor(last.body)
      return (try cursor.number(8), try cursor.count(8))
    }
  }
}
