import Foundation
import Testing

@Suite("cnn-infer visualize", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct VisualizeTests {
  private static let pictures = [
    "activation-1.png", "activation-2.png", "activation-3.png", "filters-conv1.png", "input.png",
    "maps-1-sigmoid1.png", "maps-2-sigmoid2.png",
  ]

  private func names(_ folder: String, in workspace: Workspace) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path(folder)).sorted()
  }

  @Test("An image gives filters, maps from low to high, overlays, and a page that shows them all")
  func image() throws {
    let workspace = try Workspace()
    let result = try workspace.infer("visualize", "net.h5", "a.png", "-o", "some/pictures")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    #expect(try names("some/pictures", in: workspace) == (Self.pictures + ["index.html"]).sorted())
    #expect(result.outputLines.count == Self.pictures.count + 1)
    #expect(result.output.contains("low: sigmoid1, 6 maps of 28×28"))
    #expect(result.output.contains("high: sigmoid2, 16 maps of 10×10"))
    // Every picture is a whole PNG that another run can read.
    let read = try workspace.infer("some/pictures", "--json")
    #expect(read.status == 0, "\(read.errors)")
    #expect(try read.objects().count == Self.pictures.count)
    let page = try String(
      contentsOfFile: workspace.folder.path("some/pictures/index.html"), encoding: .utf8)
    for picture in Self.pictures { #expect(page.contains("src=\"\(picture)\"")) }
    #expect(!page.contains("http"))
  }

  @Test("Without an image there are the filters; with --layers all, the maps of each convolution")
  func choices() throws {
    let workspace = try Workspace()
    #expect(try workspace.infer("visualize", "net.h5", "-o", "filters").status == 0)
    #expect(try names("filters", in: workspace) == ["filters-conv1.png", "index.html"])
    let all = try workspace.infer(
      "visualize", "net.h5", "b.png", "-o", "all", "--layers", "all", "--top-k", "1", "--invert")
    #expect(all.status == 0)
    #expect(try names("all", in: workspace).filter { $0.hasPrefix("maps") }.count == 2)
    #expect(try names("all", in: workspace).filter { $0.hasPrefix("activation") }.count == 1)
  }

  @Test("The image that is looked at is never overwritten")
  func ownInput() throws {
    let workspace = try Workspace()
    try workspace.folder.create("out/input.png", PNGFixture.gray(seed: 4))
    let before = try workspace.folder.read("out/input.png")
    let result = try workspace.infer("visualize", "net.h5", "out/input.png", "-o", "out")
    #expect(result.status == 1)
    #expect(result.errors == "error: output is the input: 'out/input.png': name another file\n")
    #expect(try workspace.folder.read("out/input.png") == before)
  }

  @Test("A file as output, no output and an unreadable image are refused")
  func refused() throws {
    let workspace = try Workspace()
    #expect(try workspace.infer("visualize", "net.h5", "a.png").status == 2)
    let file = try workspace.infer("visualize", "net.h5", "a.png", "-o", "b.png")
    #expect(file.status == 1)
    #expect(file.errorLines.count == 1 && file.errors.contains("'b.png'"))
    let image = try workspace.infer("visualize", "net.h5", "net.h5", "-o", "new")
    #expect(image.status == 1)
    #expect(image.errorLines.count == 1)
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.path("new")))
  }
}
