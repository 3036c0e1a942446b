import Files
import Networks

extension CheckpointError {
  /// What, where, and what to do.
  public var description: String { message.onOneLine }

  private var message: String {
    switch self {
    case .cannotRead(let path, let cause):
      "cannot read the checkpoint: \(path) (\(cause)): check the path and its permissions"
    case .notAFile(let path, let found):
      "not a checkpoint: \(path) is \(found): name a file"
    case .cannotWrite(let path, let cause):
      "cannot write the checkpoint: \(path) (\(cause)): free space or name a file that can be "
        + "written; what was there before is unchanged"
    case .held(let path, let process):
      "checkpoint in use: \(path): "
        + (process.map { "process \($0)" } ?? "another process")
        + " is writing it: wait for it to end or name another file"
    case .notCheckpoint(let path, let found):
      "not a checkpoint: \(path) is \(found): "
        + (ForeignFormat.importable.contains(found)
          ? "make a checkpoint of it with cnn-infer import"
          : "name a file that cnn-train wrote")
    case .noSeal(let path):
      "not a checkpoint: \(path) is HDF5 without a seal: if it holds a network, "
        + "seal it by importing it"
    case .invalidSeal(let path, let detail):
      "the checkpoint's seal cannot be read: \(path): \(detail): restore it from a copy"
    case .wrongLength(let path, let expected, let found):
      (found < expected ? "the checkpoint is truncated" : "the checkpoint has bytes after its end")
        + ": \(path): \(found) bytes where its seal says \(expected): restore it from a copy"
    case .sealBroken(let path):
      "the checkpoint is damaged: \(path): its content does not match its seal: "
        + "restore it from a copy"
    case .unreadable(let path, let object, let detail):
      "unreadable: \(object) of \(path): \(detail): write the file again"
    case .wrongFormat(let path, let found):
      "not a checkpoint: \(path): HDF5 of another program (\(found)): "
        + "name a file that cnn-train wrote"
    case .unsupportedVersion(let path, let found, let supported):
      "unsupported checkpoint: \(path): format_version is \(found), this program reads version "
        + "\(supported): use a program that reads version \(found)"
    case .refusedLink(let path, let object, let kind):
      "refused link: \(object) of \(path) is \(kind): store the object itself there"
    case .linkedTwice(let path, let object):
      "refused link: \(object) of \(path) is another object under a second name: store a copy"
    case .tooManyObjects(let path, let object, let limit):
      "too many objects: \(object) of \(path): at most \(limit) are read"
    case .tooManyAttributes(let path, let object, let found, let limit):
      "too many attributes: \(object) of \(path) has \(found): at most \(limit) are read"
    case .refusedStorage(let path, let object, let kind):
      "refused storage: \(object) of \(path) has \(kind): store it contiguous in the file"
    case .outsideFile(let path, let object):
      "beyond the file's end: \(object) of \(path): write the file again"
    case .missing(let path, "/network"):
      "missing: /network of \(path): add it, or import the file and name the network that its "
        + "weights belong to"
    case .missing(let path, let object):
      "missing: \(object) of \(path): a checkpoint of this network has it; add it"
    case .unexpected(let path, let object):
      "unexpected: \(object) of \(path): the network has no such part; remove it"
    case .wrongKind(let path, let object, let expected):
      "wrong kind: \(object) of \(path) must be \(expected)"
    case .wrongRank(let path, let object, let expected, let found):
      "wrong rank: \(object) of \(path) has \(found.count) axes (\(Self.extents(found))): "
        + "the network needs \(expected.count) (\(Self.extents(expected)))"
    case .wrongShape(let path, let object, let expected, let found):
      "wrong shape: \(object) of \(path) is \(Self.extents(found)): "
        + "the network needs \(Self.extents(expected))"
    case .wrongType(let path, let object, let expected, let found):
      "wrong type: \(object) of \(path) holds \(found): it must hold \(expected)"
    case .wrongByteOrder(let path, let object):
      "wrong byte order: \(object) of \(path) is big-endian: store it little-endian"
    case .notFinite(let path, let object, let index, let value):
      "not a finite number: \(object) of \(path) holds \(value) at element \(index): "
        + "train again with a smaller learning rate, or restore an older checkpoint"
    case .invalidValue(let path, let object, let index, let value, let rule):
      "invalid value: \(object) of \(path) holds \(value) at element \(index): it \(rule)"
    case .missingAttribute(let path, let object, let name):
      "missing attribute: \(name) of \(object) of \(path): add it"
    case .invalidAttribute(let path, let object, let name, let problem):
      "invalid attribute: \(name) of \(object) of \(path): it \(problem): correct it"
    case .invalidText(let path, let object, let problem):
      "invalid text: \(object) of \(path): it \(problem): correct it"
    case .invalidNetwork(let path, let error):
      "invalid network in \(path): \(error)"
    }
  }

  private static func extents(_ shape: [Int]) -> String {
    shape.isEmpty ? "a scalar" : shape.map(String.init).joined(separator: "×")
  }
}
