import Foundation
import Networks
import Testing

@Suite("Networks from files") struct FileTests {
  @Test("A sample is read, and what is no file is refused by its path")
  func reading() throws {
    let sample = Files.root.appending(path: "Samples/tiny-resnet.json").path
    #expect(try Network(jsonFile: sample) == Network(json: Files.data("Samples/tiny-resnet.json")))
    for path in [Files.root.path, "/no/such/file.json", "/dev/zero"] {
      let error = #expect(throws: NetworkError.self) { try Network(jsonFile: path) }
      #expect(error?.description.contains(path) == true)
    }
  }

  @Test("What is wrong in a file is told with its path")
  func faults() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data("{}".utf8).write(to: url)
    let error = #expect(throws: NetworkError.self) { try Network(jsonFile: url.path) }
    #expect(error?.description.contains(url.lastPathComponent) == true)
  }
}
