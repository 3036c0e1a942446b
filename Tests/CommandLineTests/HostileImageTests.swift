import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Images of strangers", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct HostileImageTests {
  /// Where PngSuite lies: beside this checkout's folder, or where `PNGSUITE` says.
  private static let suite: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let beside = root.appendingPathComponent("../shared/pngsuite").standardized.path
    return [ProcessInfo.processInfo.environment["PNGSUITE"], beside].compactMap(\.self)
      .first { FileManager.default.fileExists(atPath: $0) }
  }()

  @Test(
    "PngSuite as one folder: 162 files classified, 14 named with their chunk or byte",
    .enabled(
      if: suite != nil, "PngSuite is neither at ../shared/pngsuite nor where PNGSUITE says"
    ))
  func pngSuite() throws {
    let result = try Workspace().infer(try #require(Self.suite), "--json", "--top-k", "1")
    #expect(result.status == 1 && !result.isCrash)
    #expect(try result.objects().count == 162)
    #expect(result.errorLines.count == 14)
    for line in result.errorLines {
      #expect(line.hasPrefix("error: "))
      #expect(line.contains("/x") && (line.contains("chunk ") || line.contains("byte ")), "\(line)")
    }
  }

  /// Writes `side.png`, a whole PNG of 60,000 × 60,000 zeros of one bit in half a megabyte, and
  /// `text.png`, whose zTXt chunk inflates to two gigabytes.
  private static let script = """
    import struct, sys, zlib
    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    def zeros(count):
        packer, piece = zlib.compressobj(9), bytes(1 << 20)
        parts = [packer.compress(piece) for _ in range(count >> 20)]
        return b"".join(parts) + packer.compress(bytes(count & 0xFFFFF)) + packer.flush()
    def save(name, side, chunks):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        with open(name, "wb") as file:
            file.write(b"\\x89PNG\\r\\n\\x1a\\n" + header + chunks + chunk(b"IEND", b""))
    save("side.png", 60000, chunk(b"IDAT", zeros(60000 * 7501)))
    image = chunk(b"IDAT", zlib.compress(bytes(2 * 8)))
    save("text.png", 8, chunk(b"zTXt", b"Comment\\0\\0" + zeros(1 << 31)) + image)
    """

  @Test(
    "Bombs of pixels and of text are refused with less than 200 MB at the peak",
    .enabled(if: python != nil, "CNN_PYTHON names no interpreter; Scripts/test.sh makes one"))
  func bombs() throws {
    let workspace = try Workspace()
    let made = try Tool.run(python ?? "", ["-c", Self.script], in: workspace.folder.url)
    #expect(made.status == 0, "\(made.errors)")
    for (name, words) in [("side.png", "60000"), ("text.png", "inflates")] {
      let (result, peak) = try workspace.peak(name)
      #expect(result.status == 1 && !result.isCrash)
      #expect(result.errorLines.count == 1 && result.errors.contains(words), "\(result.errors)")
      #expect(peak < 200_000, "\(name): \(peak) KiB")
    }
  }

  @Test(
    "A thousand images, ten of them bad, take no more memory than a hundred",
    .enabled(if: python != nil, "CNN_PYTHON names no interpreter; Scripts/test.sh makes one"))
  func flatMemory() throws {
    let workspace = try Workspace()
    for index in 0..<1000 {
      // 240 kB of pixels each: a leak of them would be 200 MB.
      let data =
        index % 100 == 50
        ? Data("no image".utf8) : PNGFixture.gray(width: 240, height: 250, seed: UInt8(index % 251))
      for folder in index < 100 ? ["some", "many"] : ["many"] {
        try workspace.folder.create("\(folder)/\(index).png", data)
      }
    }
    let (some, least) = try workspace.peak("some", "--json")
    let (many, most) = try workspace.peak("many", "--json")
    #expect(some.outputLines.count == 99 && some.errorLines.count == 1)
    #expect(many.outputLines.count == 990 && many.errorLines.count == 10)
    #expect(some.status == 1 && many.status == 1)
    #expect(most - least < 8000, "\(least) and \(most) KiB")
  }

  @Test(
    "What may not be read is named, and the others go on",
    .enabled(if: Privileges.canDropRoot, "root may read all, and cannot become another user"))
  func unreadable() throws {
    let workspace = try Workspace()
    // Root may read everything: it becomes nobody, for whom the program is put where nobody may go.
    let result = try workspace.shell(
      """
      chmod 755 . && cp a.png no.png && mkdir shut && cp a.png shut/ && chmod 0 no.png shut
      if [ "$(id -u)" = 0 ]; then
        ln "$infer" program 2>/dev/null || cp "$infer" program
        set -- setpriv --reuid=65534 --regid=65534 --clear-groups ./program
      else
        set -- "$infer"
      fi
      "$@" a.png no.png shut/a.png b.png; status=$?
      chmod 755 shut; exit $status
      """)
    #expect(result.status == 1)
    #expect(result.outputLines.count == 2, "\(result.output)")
    #expect(result.errorLines.count == 2, "\(result.errors)")
    for (line, name) in zip(result.errorLines, ["no.png", "shut/a.png"]) {
      #expect(line.hasPrefix("error: ") && line.contains(name))
      #expect(line.lowercased().contains("permission denied"))
    }
  }
}

extension Workspace {
  /// Runs `cnn-infer`, and tells its largest resident memory in KiB.
  func peak(_ arguments: String...) throws -> (result: Tool.Result, peak: Int) {
    let script = """
      import resource, subprocess, sys
      code = subprocess.run(sys.argv[1:]).returncode
      with open("peak", "w") as file:
          file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
      sys.exit(code if code >= 0 else 99)
      """
    let result = try Tool.run(
      python ?? "", ["-c", script, Tool.path("cnn-infer")] + arguments, in: folder.url,
      environment: model)
    let text = try String(contentsOfFile: folder.path("peak"), encoding: .utf8)
    return (result, try #require(Int(text)))
  }
}
