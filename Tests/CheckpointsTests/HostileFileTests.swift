import CheckpointWriting
import Checkpoints
import Foundation
import Testing

/// Files that h5py forged from good ones, each with a seal that is right, as a stranger would.
private let forged = Result { () throws -> TemporaryFolder in
  let folder = try TemporaryFolder()
  // A global is never released.
  atexit { try? FileManager.default.removeItem(atPath: (try? forged.get().path) ?? "") }
  try Example.trained().write(to: folder.file("fp32"))
  try Example.quantized().write(to: folder.file("int8"))
  _ = try Python.run("hostile", folder.file("fp32"), folder.file("int8"), folder.path)
  return folder
}

@Suite(
  "Forged files with a right seal are refused",
  .enabled(if: Python.isThere, Python.reason), .timeLimit(.minutes(2)))
struct HostileFileTests {
  @Test("Each with its own message", arguments: cases)
  func refused(name: String, words: String, object: String) throws {
    let path = try forged.get().file("\(name).h5")
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: path, options: .trainingState)
    }
    let message = error?.description ?? ""
    #expect(message.contains(words))
    #expect(message.contains(object))
    #expect(message.contains(path))
    #expect(!message.contains("\n"))
  }

  @Test(
    "Files that h5py opened and closed, or rewrote within the schema, are read",
    arguments: ["unchanged", "rewritten-texts"])
  func accepted(name: String) throws {
    let checkpoint = try Checkpoint(
      contentsOf: try forged.get().file("\(name).h5"), options: .trainingState)
    var expected = try Example.trained()
    if name == "rewritten-texts" { expected.labels = ["a", "b"] }
    #expect(contents(checkpoint) == contents(expected))
  }

  private static let cases: [(String, String, String)] = [
    ("version-999", "format_version is 999, this program reads version 1", "unsupported"),
    ("version-text", "invalid attribute: format_version", "/"),
    ("no-version", "missing attribute: format_version", "/"),
    ("other-format", "HDF5 of another program", "keras"),
    ("no-format", "HDF5 of another program", "no format"),
    ("external-link", "is an external link", "/weights/conv1"),
    ("soft-link", "is a soft link", "/weights/conv1"),
    ("soft-link-out", "is a soft link", "/labels"),
    ("linked-twice", "second name", "/bias"),
    ("group-cycle", "second name", "/weights/conv1"),
    ("named-type", "must be a group or a dataset", "/weights/conv1/bias"),
    ("external-storage", "external files", "/weights/conv1/weight"),
    ("virtual", "virtual layout", "/weights/conv1/weight"),
    ("chunked", "has chunks", "/weights/conv1/weight"),
    ("gzip", "chunks through filters", "/weights/conv1/weight"),
    ("plugin", "chunks through filters", "/weights/conv1/weight"),
    ("compact", "compact storage", "/weights/conv1/bias"),
    ("unallocated", "beyond the file's end", "/weights/conv1/weight"),
    ("many-attributes", "too many attributes", "/weights/conv1"),
    ("many-attributes-dataset", "too many attributes", "/weights/conv1/weight"),
    ("wide-attribute", "attributes in a heap", "/preprocessing"),
    ("many-objects", "too many objects", "/weights"),
    ("huge", "wrong rank", "/weights/conv1/weight"),
    ("huge-labels", "beyond the file's end", "/labels"),
    ("huge-optimizer", "beyond the file's end", "/training/optimizer/conv1/weight.momentum"),
    ("missing-dataset", "missing: ", "/weights/conv1/bias"),
    ("missing-node", "missing: ", "/weights/fc"),
    ("missing-network", "cnn-infer import --model", "missing: /network"),
    ("missing-labels", "missing: ", "/labels"),
    ("missing-preprocessing", "missing: ", "/preprocessing"),
    ("missing-attribute", "missing attribute: std", "/preprocessing"),
    ("extra-dataset", "unexpected: ", "/weights/conv1/extra"),
    ("extra-line", "unexpected: ", #"/weights/conv1/extra\nline"#),
    ("extra-node", "unexpected: ", "/weights/other"),
    ("extra-root", "unexpected: ", "/payload"),
    ("group-for-dataset", "must be a dataset", "/weights/conv1/bias"),
    ("dataset-for-group", "must be a group", "/weights/conv1"),
    ("wrong-rank", "wrong rank: ", "/weights/conv1/weight"),
    ("wrong-shape", "wrong shape: ", "/weights/conv1/weight"),
    ("null-space", "wrong rank: ", "/weights/conv1/weight"),
    ("wrong-type", "holds float64", "/weights/conv1/weight"),
    ("wrong-type-int", "holds int32", "/weights/conv1/weight"),
    ("wrong-form", "holds float32 that is not IEEE 754's", "/weights/conv1/bias"),
    ("int8-bias", "holds int8", "/weights/conv1/bias"),
    ("big-endian", "wrong byte order: ", "/weights/conv1/weight"),
    ("nan", "holds nan at element 146", "/weights/fc/weight"),
    ("infinite", "holds -inf at element 0", "/weights/conv1/bias"),
    ("negative-variance", "must not be negative", "/weights/bn1/running_var"),
    ("zero-scale", "must be greater than 0", "/weights/fc/weight_scale"),
    ("nan-scale", "not a finite number", "/weights/fc/weight_scale"),
    ("missing-scale", "missing: ", "/weights/fc/weight_scale"),
    ("scale-of-float", "unexpected: ", "/weights/fc/weight_scale"),
    ("missing-quantization", "missing: ", "/quantization"),
    ("negative-activation-scale", "greater than 0", "/quantization/input"),
    ("zero-point-256", "invalid attribute: zero_point", "/quantization/input"),
    ("unknown-activation", "unexpected: ", "/quantization/nowhere"),
    ("wrong-channels", "invalid attribute: channels", "/preprocessing"),
    ("zero-std", "invalid attribute: std", "/preprocessing"),
    ("unknown-resize", "'seam-carving', not stretch or center-crop", "/preprocessing"),
    ("too-many-labels", "100 names for 3 classes", "/labels"),
    ("labels-not-utf8", "is not UTF-8: correct it", "/labels"),
    ("network-number", "holds int64", "/network"),
    ("network-not-json", "network JSON cannot be read", "invalid network"),
    ("network-unknown-operation", "Teleport", "conv1"),
    ("network-long", "longer than any checkpoint's", "/network"),
    ("negative-epoch", "invalid attribute: epoch", "/training"),
    ("history-lengths", "wrong shape: ", "/training/history/testLoss"),
    ("heap-far", "beyond the file's end", "/network"),
    ("heap-long", "beyond the file's end", "/network"),
  ]
}
