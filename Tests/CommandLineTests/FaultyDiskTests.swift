import Foundation
import Testing

@Suite(
  "A disk that fails at any byte", .enabled(if: Tool.folder != nil, "\(Tool.absence)"),
  .enabled(if: FaultyDisk.compiler != nil, "no C compiler in PATH; Swift's toolchain brings clang"))
struct FaultyDiskTests {
  private static let formats = ["checkpoint", "onnx", "safetensors"]

  @Test("Writes that are cut short and interrupted give the same bytes", arguments: formats)
  func shortWrites(format: String) throws {
    let workspace = try Workspace()
    let disk = try FaultyDisk(in: workspace)
    let plain = try workspace.infer("export", "net.h5", "--format", format, "-o", "plain")
    #expect(plain.status == 0, "\(plain.errors)")
    let result = try disk.export(format, to: "short", ["FAULTY_SHORT": "1000"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try workspace.bytes("plain") == workspace.bytes("short"))
  }

  @Test("A disk that is full after any number of bytes leaves what was there", arguments: formats)
  func fullDisk(format: String) throws {
    let workspace = try Workspace()
    let disk = try FaultyDisk(in: workspace)
    let before = Data("what was there".utf8)
    try workspace.folder.create("out", before)
    var names = try workspace.names
    names.insert("out")
    for room in [0, 1, 512, 3000, 20_000, 100_000, 200_000] {
      let result = try disk.export(format, to: "out", ["FAULTY_ROOM": "\(room)"])
      #expect(result.status == 1 && !result.isCrash, "\(room): \(result.errors)")
      #expect(result.errorLines.count == 1, "\(room): \(result.errors)")
      #expect(result.errors.hasPrefix("error: ") && result.errors.contains("out"))
      #expect(result.errors.contains("No space left on device"), "\(room): \(result.errors)")
      #expect(try workspace.bytes("out") == before)
      #expect(try workspace.names == names, "\(room)")
    }
  }

  @Test("A flush that fails is told", arguments: formats)
  func flush(format: String) throws {
    let workspace = try Workspace()
    let disk = try FaultyDisk(in: workspace)
    let names = try workspace.names
    let result = try disk.export(format, to: "out", ["FAULTY_FSYNC": "1"])
    #expect(result.status == 1 && result.errors.contains("Input/output error"), "\(result.errors)")
    #expect(try workspace.names == names)
  }
}

/// A library that stands before the system's calls for writing and lets them fail.
private struct FaultyDisk {
  static let compiler = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .flatMap { folder in ["clang", "cc"].map { "\(folder)/\($0)" } }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private let workspace: Workspace

  init(in workspace: Workspace) throws {
    self.workspace = workspace
    try workspace.folder.create("disk.c", Data(Self.source.utf8))
    let result = try Tool.run(
      try #require(Self.compiler), ["-shared", "-fPIC", "-O1", "-o", "disk.so", "disk.c", "-ldl"],
      in: workspace.folder.url)
    #expect(result.status == 0, "\(result.errors)")
  }

  func export(_ format: String, to target: String, _ faults: [String: String]) throws
    -> Tool.Result
  {
    // A path of its own would have spaces, which part the names of two libraries here.
    try Tool.run(
      Tool.path("cnn-infer"), ["export", "net.h5", "--format", format, "-o", target],
      in: workspace.folder.url,
      environment: faults.merging(["LD_PRELOAD": "./disk.so"]) { $1 })
  }

  // Standard streams are spared. Space cannot be set aside, as on many file systems.
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <stdlib.h>
    #include <unistd.h>
    typedef ssize_t (*writer)(int, const void *, size_t);
    typedef ssize_t (*placer)(int, const void *, size_t, off_t);
    static long limit(const char *name) { const char *t = getenv(name); return t ? atol(t) : -1; }
    static int calls; static long used;
    static int fails(int fd, size_t *count) {
      if (fd <= 2) return 0;
      long piece = limit("FAULTY_SHORT"), room = limit("FAULTY_ROOM");
      if (piece >= 0 && ++calls % 3 == 0) { errno = EINTR; return 1; }
      if (piece >= 0 && *count > (size_t)piece) *count = (size_t)piece;
      if (room >= 0) {
        if (used >= room) { errno = ENOSPC; return 1; }
        if (*count > (size_t)(room - used)) *count = (size_t)(room - used);
        used += (long)*count;
      }
      return 0;
    }
    ssize_t write(int fd, const void *from, size_t count) {
      if (fails(fd, &count)) return -1;
      return ((writer)dlsym(RTLD_NEXT, "write"))(fd, from, count);
    }
    ssize_t pwrite(int fd, const void *from, size_t count, off_t at) {
      if (fails(fd, &count)) return -1;
      return ((placer)dlsym(RTLD_NEXT, "pwrite"))(fd, from, count, at);
    }
    ssize_t pwrite64(int fd, const void *from, size_t count, off_t at) {
      return pwrite(fd, from, count, at);
    }
    int posix_fallocate(int fd, off_t at, off_t size) { return EOPNOTSUPP; }
    int posix_fallocate64(int fd, off_t at, off_t size) { return EOPNOTSUPP; }
    int fsync(int fd) {
      if (limit("FAULTY_FSYNC") == 1) { errno = EIO; return -1; }
      return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
    }
    """
}

extension Workspace {
  fileprivate func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
  }

  fileprivate var names: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path)) }
  }
}
