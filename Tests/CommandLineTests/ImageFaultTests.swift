import Foundation
import Testing

@Suite("Faults in images", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct ImageFaultTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let setUp: String
    let message: String
    var testDescription: String { name }
  }

  private static let cases = [
    Case(name: "text.png", setUp: "echo hello > text.png", message: "text"),
    Case(name: "empty.png", setUp: ": > empty.png", message: "empty"),
    Case(
      name: "photo.jpg", setUp: #"printf '\377\330\377\340JFIF' > photo.jpg"#, message: "convert"),
    Case(name: "picture.gif", setUp: "printf GIF89a > picture.gif", message: "GIF"),
    Case(
      name: "truncated.png", setUp: "head -c 400 a.png > truncated.png", message: "truncated"),
    Case(name: "folder", setUp: "mkdir folder", message: "folder without images"),
    Case(name: "pipe", setUp: "mkfifo pipe", message: "pipe"),
    Case(name: "missing.png", setUp: ":", message: "No such file"),
    Case(name: "net.h5", setUp: ":", message: "HDF5"),
    Case(name: "line\nend.png", setUp: ":", message: #"line\nend.png"#),
  ]

  @Test("A file whose name is no UTF-8 is named, not passed over")
  func foreignNames() throws {
    let workspace = try Workspace()
    let result = try workspace.shell(
      #"mkdir d && cp a.png d/ && cp a.png "$(printf 'd/x\377.png')" && "$infer" d"#)
    #expect(result.status == 1)
    #expect(result.outputLines.count == 1)
    #expect(result.errorLines.count == 1 && result.errors.contains("d/x"))
  }

  @Test("What is no PNG is named in one line, and the others go on", arguments: cases)
  private func foreign(fault: Case) throws {
    let workspace = try Workspace()
    #expect(try workspace.shell(fault.setUp).status == 0)
    let result = try workspace.infer("a.png", fault.name, "b.png", "--json")
    #expect(result.status == 1)
    #expect(!result.isCrash)
    #expect(try result.objects().compactMap { $0["image"] as? String } == ["a.png", "b.png"])
    #expect(result.errorLines.count == 1)
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.contains(fault.message), "\(result.errors)")
  }

  @Test("A file that may not be read is named", .enabled(if: getuid() != 0, "root may read all"))
  func unreadable() throws {
    let workspace = try Workspace()
    let result = try workspace.shell(#"cp a.png no.png; chmod 0 no.png; "$infer" no.png"#)
    #expect(result.status == 1)
    #expect(result.errors.contains("Permission denied"))
  }

  @Test("A thousand images with ten bad ones give 990 results and ten messages")
  func thousand() throws {
    let workspace = try Workspace()
    for index in 0..<1000 {
      let isBad = index % 100 == 50
      try workspace.folder.create(
        "many/\(index).png",
        isBad ? Data("no image".utf8) : PNGFixture.gray(seed: UInt8(index % 251)))
    }
    let result = try workspace.infer("many", "--json", "--top-k", "1")
    #expect(result.status == 1)
    #expect(result.outputLines.count == 990)
    #expect(result.errorLines.count == 10)
  }

  @Test(
    "Memory does not grow with the number of images",
    .enabled(if: python != nil, "CNN_PYTHON names no interpreter; Scripts/test.sh makes one"))
  func flatMemory() throws {
    let workspace = try Workspace()
    // Memory that an image leaves behind would show: 300 images of 1 MB each.
    try workspace.folder.create("large.png", PNGFixture.gray(width: 60_000, height: 1))
    let script = """
      import resource, subprocess, sys
      subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """
    func peak(_ count: Int) throws -> Int {
      let images = Array(repeating: "large.png", count: count)
      let result = try Tool.run(
        python ?? "", ["-c", script, Tool.path("cnn-infer")] + images, in: workspace.folder.url,
        environment: workspace.model)
      #expect(result.status == 0, "\(result.errors)")
      return try #require(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
    // In KiB. Allocators keep some; a leak of each image's 60 kB would be 18 MB.
    #expect(try peak(310) - peak(10) < 6000)
  }

  @Test("A closed standard output ends quietly")
  func closedOutput() throws {
    let workspace = try Workspace()
    for index in 0..<200 {
      try workspace.folder.create("many/\(index).png", PNGFixture.gray(seed: UInt8(index)))
    }
    // The status of the first of the pipe, by a file: sh has no PIPESTATUS.
    let pipe = try workspace.shell(#"("$infer" many; echo $? > status) | head -1; cat status"#)
    #expect(pipe.outputLines.count == 2)
    #expect(pipe.outputLines.last == "0")
    #expect(pipe.errors.isEmpty)
    let closed = try workspace.shell(#""$infer" a.png >&-"#)
    #expect(closed.status == 0)
    #expect(closed.errors.isEmpty)
    let bothClosed = try workspace.shell(#""$infer" a.png >&- 2>&- <&-"#)
    #expect(bothClosed.status == 0)
  }

  @Test("A full disk is told")
  func fullOutput() throws {
    let result = try Workspace().shell(#""$infer" a.png > /dev/full"#)
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("error: cannot write results: standard output (No space left"))
  }
}

/// The interpreter of the tests.
let python = ProcessInfo.processInfo.environment["CNN_PYTHON"]
