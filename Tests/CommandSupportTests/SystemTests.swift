import CommandSupport
import Foundation
import Hardware
import Testing

@Suite("System")
struct SystemTests {
  @Test("A child's output and status come back")
  func childOutput() throws {
    let outcome = try ChildProcess.run(
      executable: "/bin/sh", ["-c", "echo out; echo err >&2; exit 3"], timeout: 30)
    #expect(outcome.ending == .exited(3))
    #expect(outcome.output == "out\n")
    #expect(outcome.errors == "err\n")
  }

  @Test("A child's crash is seen, and harms nobody")
  func childCrash() throws {
    let outcome = try ChildProcess.run(
      executable: "/bin/sh", ["-c", "echo before; kill -SEGV $$"], timeout: 30)
    #expect(outcome.ending == .signaled(SIGSEGV))
    #expect(outcome.output == "before\n")
  }

  @Test("A child that hangs is stopped")
  func childHang() throws {
    let start = ContinuousClock.now
    let outcome = try ChildProcess.run(executable: "/bin/sleep", ["60"], timeout: 0.2)
    #expect(outcome.ending == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test("A megabyte through the pipe does not block")
  func childFlood() throws {
    let outcome = try ChildProcess.run(
      executable: "/bin/sh", ["-c", "head -c 1000000 /dev/zero | tr '\\0' x"], timeout: 30)
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.utf8.count == 1_000_000)
  }

  @Test("A program that cannot be started is an error")
  func childMissing() {
    #expect(throws: CommandError.self) {
      _ = try ChildProcess.run(executable: "/nonexistent/tool", [], timeout: 1)
    }
  }

  @Test("The cores are those that the process may use")
  func cores() throws {
    let folder = try TemporaryFolder()
    try folder.write("status", "Name:\tx\nCpus_allowed:\tff,00000003\nCpus_allowed_list:\t0-1\n")
    #expect(allowedCores(inStatus: folder.path("status")) == 10)
    #expect(allowedCores(inStatus: folder.path("absent")) == nil)
    #expect(availableCores >= 1)
  }
}

@Suite("Files")
struct FilesTests {
  @Test("The default model is found from the executable's place or the environment")
  func defaultModel() throws {
    let folder = try TemporaryFolder()
    try folder.write("prefix/bin/cnn-infer", "")
    try folder.write("prefix/share/cnn/Models/lenet.h5", "")
    try folder.write("checkout/.build/x86_64-unknown-linux-gnu/release/cnn-infer", "")
    try folder.write("checkout/Models/lenet.h5", "")
    try folder.write("checkout/Models/alexnet-int8.h5", "")
    func find(_ executable: String, _ model: String? = nil) throws -> String {
      try DefaultModel.find(executable: folder.path(executable)) { _ in model }
    }
    #expect(
      try find("prefix/bin/cnn-infer") == folder.path("prefix/share/cnn/Models/lenet.h5"))
    #expect(
      try find("checkout/.build/x86_64-unknown-linux-gnu/release/cnn-infer")
        == folder.path("checkout/Models/alexnet-int8.h5"))
    #expect(try find("prefix/bin/cnn-infer", "other.h5") == "other.h5")
    #expect(
      try find("prefix/bin/cnn-infer", "") == folder.path("prefix/share/cnn/Models/lenet.h5"))
    let error = #expect(throws: CommandError.self) { _ = try find("lone/bin/cnn-infer") }
    #expect(error?.description.contains("name one, or set CNN_MODEL") == true)
  }

  @Test("A folder gives its PNGs in the byte order of their paths, whatever their case")
  func folderOrder() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "a/z.PNG", "a.png", "a/deep/er.png", "notes.txt", "B.Png", ".png"] {
      try folder.write("images/\(name)", "")
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("images/loop"), withDestinationPath: folder.path("images"))
    let found = try ImageFiles.expand(folder.path("images")).map { try $0.get() }
    let expected = ["B.Png", "a.png", "a/deep/er.png", "a/z.PNG", "b.png"]
    #expect(found == expected.map { folder.path("images/\($0)") })
  }

  @Test("A folder without a PNG, and a path without a file, are failures")
  func nothing() throws {
    let folder = try TemporaryFolder()
    try folder.write("empty/notes.txt", "")
    let empty = folder.path("empty")
    #expect(ImageFiles.expand(empty) == [.failure(.noImages(folder: empty))])
    let absent = folder.path("absent.png")
    #expect(
      ImageFiles.expand(absent)
        == [.failure(.unreadablePath(path: absent, reason: "No such file or directory"))])
    #expect(ImageFiles.expand("-") == [.success("-")])
  }
}

/// A folder that lives as long as its owner.
private final class TemporaryFolder {
  private let root = FileManager.default.temporaryDirectory
    .appendingPathComponent("cnn-support-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func path(_ name: String) -> String { root.appendingPathComponent(name).path }

  func write(_ name: String, _ text: String) throws {
    let url = root.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}
