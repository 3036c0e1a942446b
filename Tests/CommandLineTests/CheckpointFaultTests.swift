import Foundation
import Testing

@Suite("Faults in checkpoints", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct CheckpointFaultTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let setUp: String
    let message: String
    var testDescription: String { name }
  }

  private static let cases = [
    Case(name: "text", setUp: "echo hello > bad.h5", message: "not a checkpoint"),
    Case(name: "empty", setUp: ": > bad.h5", message: "empty"),
    Case(name: "missing", setUp: ":", message: "No such file"),
    Case(name: "folder", setUp: "mkdir bad.h5", message: "folder"),
    Case(name: "truncated", setUp: "head -c 100000 net.h5 > bad.h5", message: "truncated"),
    Case(name: "only a seal", setUp: "head -c 512 net.h5 > bad.h5", message: "truncated"),
    Case(name: "longer", setUp: "(cat net.h5; echo) > bad.h5", message: "bytes after its end"),
    // The seal is a user block: what follows it is the HDF5 file that h5py would write.
    Case(
      name: "unsealed", setUp: "tail -c +513 net.h5 > bad.h5",
      message: "cnn-infer import FILE.h5 -o CKPT"),
    Case(name: "a PNG", setUp: "cp a.png bad.h5", message: "not a checkpoint"),
  ]

  @Test("A file that is no whole checkpoint is refused in one line", arguments: cases)
  private func refused(fault: Case) throws {
    let workspace = try Workspace()
    #expect(try workspace.shell(fault.setUp).status == 0)
    for command in [
      ["a.png", "--model", "bad.h5"], ["inspect", "bad.h5"], ["inspect", "bad.h5", "--verify"],
      ["evaluate", "bad.h5", "--data", "."], ["export", "bad.h5", "--format", "onnx", "-o", "x"],
    ] {
      let result = try Tool.run(Tool.path("cnn-infer"), command, in: workspace.folder.url)
      #expect(result.status == 1, "\(command)")
      #expect(result.output.isEmpty)
      #expect(result.errorLines.count == 1)
      #expect(result.errors.hasPrefix("error: "))
      #expect(
        result.errors.contains(fault.message) || command.last == "--verify", "\(result.errors)")
    }
  }

  @Test("A flipped bit is refused, and --verify names the dataset", arguments: [0, 3, 7])
  func flippedBit(bit: Int) throws {
    let workspace = try Workspace()
    let whole = try workspace.infer("inspect", "net.h5", "--verify")
    #expect(whole.status == 0)
    #expect(whole.outputLines.last == "verified  every dataset's checksum agrees")
    // The first bytes of fc1's weight, wherever the writer put them.
    let script = #"""
      import h5py, sys
      with h5py.File("net.h5") as f: offset = f["weights/fc1/weight"].id.get_offset()
      d = bytearray(open("net.h5", "rb").read())
      d[offset + 5] ^= 1 << int(sys.argv[1])
      open("bad.h5", "wb").write(d)
      """#
    let interpreter = try #require(python, "CNN_PYTHON names no interpreter")
    let made = try Tool.run(interpreter, ["-c", script, "\(bit)"], in: workspace.folder.url)
    #expect(made.status == 0, "\(made.errors)")
    let used = try workspace.infer("a.png", "--model", "bad.h5")
    #expect(used.status == 1)
    #expect(used.errors.contains("does not match its seal"))
    let verified = try workspace.infer("inspect", "bad.h5", "--verify")
    #expect(verified.status == 1)
    #expect(
      verified.errors
        == "error: damaged: /weights/fc1/weight of 'bad.h5': restore it from a copy\n")
    let listed = try workspace.infer("inspect", "bad.h5", "--verify", "--json")
    #expect(listed.status == 1 && listed.errors == verified.errors)
    #expect(listed.output.hasPrefix(#"{"verified":false,"seal":"broken","datasets":[{"name":"#))
    #expect(listed.output.contains(#"{"name":"/weights/fc1/weight","state":"damaged"}"#))
    #expect(listed.output.contains(#"{"name":"/weights/fc1/bias","state":"ok"}"#))
  }

  @Test("Import seals a file that has no seal, whatever is damaged in it harms nobody")
  func sealing() throws {
    let workspace = try Workspace()
    let sealed = try workspace.shell(
      #"tail -c +513 net.h5 > raw.h5 && "$infer" import raw.h5 -o sealed.h5"#)
    #expect(sealed.status == 0, "\(sealed.errors)")
    let expected = try workspace.infer("a.png", "--top-k", "10").output
    #expect(
      try workspace.infer("a.png", "--top-k", "10", "--model", "sealed.h5").output == expected)

    let raw = try Data(contentsOf: URL(fileURLWithPath: workspace.folder.path("raw.h5")))
    for offset in stride(from: 8, to: min(raw.count, 12_000), by: 397) {
      var damaged = raw
      damaged[offset] ^= 0xFF
      try workspace.folder.create("damaged.h5", damaged)
      let result = try workspace.infer("import", "damaged.h5", "-o", "out.h5")
      #expect(!result.isCrash, "byte \(offset)")
      #expect([0, 1].contains(result.status), "byte \(offset)")
      #expect(result.errorLines.count == Int(result.status), "byte \(offset)")
    }
  }

  @Test("Import launders no damage: neither a broken seal nor a wrong checksum")
  func laundering() throws {
    let workspace = try Workspace()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: workspace.folder.path("net.h5")))
    bytes[bytes.count - 1000] ^= 1
    try workspace.folder.create("flipped.h5", bytes)
    try workspace.folder.create("raw.h5", bytes.dropFirst(512))
    for name in ["flipped.h5", "raw.h5"] {
      let result = try workspace.infer("import", name, "-o", "out.h5")
      #expect(result.status == 1, "\(name)")
      #expect(result.errorLines.count == 1, "\(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.path("out.h5")))
  }

  @Test("HDF5 of another program is told apart")
  func foreignHDF5() throws {
    let interpreter = try #require(python, "CNN_PYTHON names no interpreter")
    let workspace = try Workspace()
    let script = #"import h5py; h5py.File("bad.h5", "w").attrs["format"] = "weather""#
    #expect(try Tool.run(interpreter, ["-c", script], in: workspace.folder.url).status == 0)
    let result = try workspace.infer("import", "bad.h5", "-o", "out.h5")
    #expect(result.status == 1)
    #expect(result.errors.contains("HDF5 of another program"))
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.path("out.h5")))
  }
}
