/// What a link leads to, without following it.
struct LinkDescription {
  /// The kinds of links.
  enum Kind { case hard, soft, external, other }

  /// The link's name.
  let name: String
  /// Its kind.
  let kind: Kind
}

/// What a hard link leads to.
struct ObjectDescription {
  /// The kinds of objects.
  enum Kind { case group, dataset, other }

  /// The object's kind.
  let kind: Kind
  /// Where it lies: two links to one object share it.
  let address: UInt64
  /// The number of its attributes.
  let attributeCount: Int
}

/// How a dataset's elements lie in the file.
enum ElementStorage: Equatable {
  /// In one piece of this file.
  case contiguous
  /// In pieces of so many bytes, through filters of these numbers.
  case chunked(bytes: Int, filters: [Int32])
  /// Another way, in words.
  case other(String)

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
/// libhdf5. Everything throws `HDF5.Failure`.
protocol GroupSource {
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
protocol DatasetSource {
  /// The elements' type.
  var type: ElementType { get throws }
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
protocol AttributeSource {
  /// The values' type.
  var type: ElementType { get throws }
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
