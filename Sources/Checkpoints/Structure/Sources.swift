package import Tensors

/// What a link leads to, without following it.
package struct LinkDescription {
  /// The kinds of links.
  package enum Kind { case hard, soft, external, other }

  /// The link's name.
  package let name: String
  /// Its kind.
  package let kind: Kind

  /// A link.
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// What a hard link leads to.
package struct ObjectDescription {
  /// The kinds of objects.
  package enum Kind { case group, dataset, other }

  /// The object's kind.
  package let kind: Kind
  /// Where it lies: two links to one object share it.
  package let address: UInt64
  /// The number of its attributes.
  package let attributeCount: Int

  /// An object.
  package init(kind: Kind, address: UInt64, attributeCount: Int) {
    self.kind = kind
    self.address = address
    self.attributeCount = attributeCount
  }
}

/// How a dataset's elements lie in the file.
package enum ElementStorage: Equatable {
  /// In one piece of this file.
  case contiguous
  /// In pieces of so many bytes, through filters of these numbers.
  case chunked(bytes: Int, filters: [Int32])
  /// Another way, in words.
  case other(String)

  /// The numbers of HDF5's own filters that an import takes: deflate, shuffle, Fletcher-32.
  static let builtInFilters: Set<Int32> = [1, 2, 3]

  /// The storage in words.
  var words: String {
    switch self {
    case .contiguous: "one piece"
    case .chunked(_, let filters): filters.isEmpty ? "chunks" : "chunks through filters"
    case .other(let words): words
    }
  }
}

/// A group as the checkpoint's reader sees it: of a sealed file by `Structure`, of one to be imported by
/// libhdf5. Everything throws `HDF5Failure`.
package protocol GroupSource {
  /// The links, none of them followed, in the byte order of their names; `limit + 1` of a group with
  /// more.
  func links(limit: Int) throws -> [LinkDescription]
  /// What a hard link leads to; `.` is the group itself.
  func target(of name: String) throws -> ObjectDescription
  /// Opens the group that a hard link leads to.
  func group(_ name: String) throws -> any GroupSource
  /// Opens the dataset that a hard link leads to.
  func dataset(_ name: String) throws -> any DatasetSource
  /// An attribute of the group, or nil where there is none of that name.
  func attribute(_ name: String) throws -> (any AttributeSource)?
}

/// A dataset as the checkpoint's reader sees it.
package protocol DatasetSource {
  /// The elements' type.
  var type: HDF5Type { get throws }
  /// The extents, outermost first; nil where they are absent or beyond `Int`.
  var shape: [Int]? { get throws }
  /// How the elements lie; ask for it before the extents.
  var storage: ElementStorage { get throws }
  /// The first element's place in the file, the user block included; nil where none is set.
  var offset: Int? { get }
  /// The bytes that the elements take in the file.
  var storedByteCount: Int { get }
  /// Reads every element, converted, into memory for all of them.
  func read(as element: Tensor.Element, into destination: UnsafeMutableRawPointer) throws
}

/// An attribute as the checkpoint's reader sees it; ask for a value only where type and extents are
/// right for it.
package protocol AttributeSource {
  /// The values' type.
  var type: HDF5Type { get throws }
  /// The extents, outermost first; nil where they are absent or beyond `Int`.
  var shape: [Int]? { get throws }
  /// Numbers as 32-bit floats.
  func floats(count: Int) throws -> [Float]
  /// A single integer, the nearest that fits.
  func signed() throws -> Int64
  /// A single integer, the nearest that fits.
  func unsigned() throws -> UInt64
  /// A single text of fixed length, its padding included.
  func fixedText() throws -> [UInt8]
  /// A single text of variable length; nil where it lies outside its heap or the file.
  func variableText() throws -> ArraySlice<UInt8>?
}
