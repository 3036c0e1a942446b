import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite(
  "Trainings that cannot save", .serialized, .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct TrainFaultTests {
  private let scratch: Scratch
  private let recipe = (TrainingFixture.recipe + ["--threads 1", "--quiet"]).joined(separator: " ")

  init() throws {
    scratch = try Scratch()
    try TrainingFixture.create(in: scratch)
  }

  /// A training that was stopped after three steps, in `out/net.h5`; returns the file.
  private func begin() throws -> Data {
    try scratch.create("out/keep")
    let first = try Tool.shell(
      "\"$train\" \(recipe) --epochs 2 --max-steps 3 -o out/net.h5", in: scratch.url)
    #expect(first.status == 0, "\(first.errors)")
    return try saved()
  }

  private func saved() throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: scratch.path("out/net.h5")))
  }

  /// One line with the path and the cause, exit code 1, and nothing beside the checkpoint but what was.
  private func expectFailure(_ result: Tool.Result, _ cause: String) throws {
    #expect(result.status == 1 && !result.isCrash, "\(result.status): \(result.errors)")
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("error: ") && result.errors.contains("out/net"))
    #expect(result.errors.contains(cause), "\(result.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("out"))
    #expect(names.filter { $0 != "net.best.h5" }.sorted() == ["keep", "net.h5"], "\(names)")
  }

  @Test("Past the limit of the file size the last checkpoint stays")
  func fileSizeLimit() throws {
    let before = try begin()
    let result = try Tool.shell(
      "ulimit -f 32; \"$train\" --resume out/net.h5 --max-steps 9 --threads 1 --quiet",
      in: scratch.url)
    try expectFailure(result, "File too large")
    #expect(try saved() == before)
  }

  @Test("In a folder that may not be written, nothing is trained, and the checkpoint stays")
  func readOnlyFolder() throws {
    let before = try begin()
    let result = try Tool.shell(
      """
      chmod 755 . out && chmod 644 out/net.h5
      if [ "$(id -u)" = 0 ]; then
        ln "$train" program 2>/dev/null || cp "$train" program
        set -- setpriv --reuid=65534 --regid=65534 --clear-groups ./program
      else
        set -- "$train"
      fi
      chmod 555 out; "$@" --resume out/net.h5 --max-steps 9 --threads 1 --quiet; status=$?
      chmod 755 out; exit $status
      """, in: scratch.url)
    try expectFailure(result, "Permission denied")
    #expect(try saved() == before)
  }

  #if os(Linux)
    @Test(
      "On a full disk the last checkpoint that fitted stays",
      .enabled(if: geteuid() == 0, "mounting a small file system needs root"))
    func fullDisk() throws {
      let before = try begin()
      // Room for the checkpoint and half of another.
      let size = before.count * 3 / 2048
      let result = try Tool.shell(
        """
        mv out held && mkdir out && mount -t tmpfs -o size=\(size)k small out || exit 9
        cp held/* out/ && "$train" --resume out/net.h5 --max-steps 9 --threads 1 --quiet; status=$?
        rm -r held; cp -R out held; umount out && rmdir out && mv held out; exit $status
        """, in: scratch.url)
      try expectFailure(result, "No space left on device")
      #expect(try saved() == before)
    }
  #endif

  @Test("A second trainer of one output is told which process holds it, and ends at once")
  func secondTrainer() throws {
    _ = try begin()
    let line = """
      "$train" \(recipe) --epochs 100000 -o out/net.h5 & pid=$!
      until [ -s out/.net.h5.lock ]; do sleep 0.01; done
      "$train" --resume out/net.h5 --max-steps 9 --quiet; status=$?
      kill -0 $pid && echo $pid; kill -INT $pid; wait $pid; echo $?; exit $status
      """
    let result = try Tool.shell(line, in: scratch.url)
    let holder = try #require(result.outputLines.first)
    try expectFailure(result, "process \(holder)")
    #expect(result.outputLines == [holder, "130"])
  }

  @Test("Resuming with other classes or another precision says what differs, and changes nothing")
  func otherRun() throws {
    let before = try begin()
    for index in 0..<4 {
      try scratch.create("four/\(index)/a.png", PNGFixture.gray(width: 12, height: 12))
      try scratch.create("three/\(index % 3)/\(index).png", PNGFixture.gray(width: 12, height: 12))
    }
    for (flags, words) in [
      ("--data four", "4 classes of images for 3 of the network"),
      ("--data three", "97 training images"), ("--limit-train 50", "97 training images"),
      ("--precision bf16", "bf16"),
    ] {
      let result = try Tool.shell(
        "\"$train\" --resume out/net.h5 --max-steps 9 --quiet \(flags)", in: scratch.url)
      #expect(result.status == 1 && !result.isCrash, "\(flags): \(result.errors)")
      #expect(result.errorLines.count == 1 && result.errors.contains(words), "\(result.errors)")
      #expect(!result.errors.contains("--classes"), "\(result.errors)")
    }
    #expect(try saved() == before)
  }
}
