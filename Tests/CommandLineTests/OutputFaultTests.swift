import Foundation
import Testing

@Suite("Faults in writing", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct OutputFaultTests {
  @Test(
    "Without space for the result the message names it, and what was there stays",
    arguments: [
      "export --format onnx", "export --format safetensors", "export --format checkpoint",
    ])
  func noSpace(command: String) throws {
    let workspace = try Workspace()
    let before = Data("what was there".utf8)
    try workspace.folder.create("out", before)
    let words = command.split(separator: " ", maxSplits: 1).map(String.init)
    // 16 KiB where a LeNet needs 240: a limit of the file's size is a full disk for everybody.
    let result = try workspace.shell(
      #"ulimit -f 32; "$infer" \#(words[0]) net.h5 \#(words[1]) -o out"#)
    #expect(result.status == 1 && !result.isCrash, "\(result.status) \(result.errors)")
    #expect(result.errorLines.count == 1)
    #expect(result.errors.hasPrefix("error: ") && result.errors.contains("out"))
    #expect(result.errors.contains("File too large"), "\(result.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.url.path)
    #expect(Set(names) == ["a.png", "b.png", "net.h5", "out"], "\(names)")
    let after = try Data(contentsOf: URL(fileURLWithPath: workspace.folder.path("out")))
    #expect(after == before)
  }
}
