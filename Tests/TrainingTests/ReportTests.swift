import Checkpoints
import Datasets
import Images
import Networks
import Testing
import Training

@Suite("Reports", .serialized)
struct ReportTests: RunBench {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func report(_ run: TrainingRun) throws -> RunReport {
    try #require(try run.report(shouldStop: { false }, observe: { _ in }))
  }

  @Test("A page fetches nothing, runs nothing, and holds every part")
  func page() throws {
    let result = try keptRun(
      settings {
        $0.validationSplit = 0.2
        $0.recipe.epochs = 2
      }, into: "a.h5")
    let page = try report(result.run).page
    for part in ["Curves", "Confusion", "Filters of conv1", "Recipe", "Machine", "Epochs"] {
      #expect(page.contains(">\(part)<"), "\(part)")
    }
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    let images = page.matches(of: #/<img [^>]*src="([^"]{22})/#).map { String($0.output.1) }
    #expect(images.count >= 8)
    #expect(images.allSatisfy { $0 == "data:image/png;base64," })
    for tag in ["section", "figure", "table", "details", "svg", "div"] {
      let opened = page.matches(of: try Regex("<\(tag)[ >]")).count
      let closed = page.matches(of: try Regex("</\(tag)>")).count
      #expect(opened > 0 && opened == closed, "\(tag)")
    }
    let counts = page.matches(of: #/taken for [^"]*: (\d+) of \d+">/#).compactMap {
      Int($0.output.1)
    }
    #expect(counts.reduce(0, +) == 20)
  }

  @Test("The curves are a PNG of two panels that are not blank")
  func curves() throws {
    let result = try keptRun(settings { $0.maxSteps = 2 }, into: "a.h5")
    let path = folder.path("curves.png")
    try report(result.run).curves.write(pngFile: path)
    let image = try Image(pngFile: path)
    #expect(image.width == 1800 && image.height == 640 && image.color == .rgb)
    guard case .bytes(let bytes) = image.samples else {
      Issue.record("not 8 bits")
      return
    }
    let colours = Set(stride(from: 0, to: bytes.count, by: 3).map { Array(bytes[$0..<$0 + 3]) })
    #expect(colours.contains([0x25, 0x63, 0xEB]) && colours.contains([0xEA, 0x58, 0x0C]))
  }

  @Test("Names are text, whatever they hold")
  func escaping() throws {
    struct Named: ImageDataset {
      let base: ToyData
      var count: Int { base.count }
      var source: String { "<i>&source" }
      var channels: Int { 1 }
      var classNames: [String] { ["<script>alert('1')</script>", "a\"b", "&amp;", "</style>"] }
      func label(at index: Int) -> Int { base.label(at: index) }
      func image(at index: Int) throws -> Image { try base.image(at: index) }
    }
    let source = DataSource(
      train: Named(base: ToyData(count: 90, seed: 1)),
      test: Named(base: ToyData(count: 20, seed: 2)))
    let network = try ToyData.network()
    let start = Checkpoint(
      network: network, weights: network.initialWeights(seed: 7),
      preprocessing: Preprocessing(channels: 1, height: 8, width: 8),
      labels: source.classNames)
    var settings = settings { $0.maxSteps = 1 }
    settings.dataset = nil
    let run = try TrainingRun(
      start: start, settings: settings, source: source,
      saving: CheckpointSaving(path: folder.path("a.h5"), producer: "tests"), threads: 2)
    _ = try run.run(shouldStop: { false }, observe: { _ in })
    let page = try report(run).page
    #expect(!page.contains("<script>") && page.contains("&lt;script&gt;alert(&#39;1&#39;)"))
    #expect(page.contains("a&quot;b") && page.contains("&amp;amp;"))
    #expect(page.matches(of: #/<\/style>/#).count == 1)
  }

  @Test("A finished run's page is made again from its checkpoint")
  func again() throws {
    let first = try keptRun(settings(), into: "a.h5")
    let expected = try report(first.run)
    let again = try keptRun(settings(), into: "b.h5", resuming: "a.h5")
    #expect(again.epochs.isEmpty)
    let report = try report(again.run)
    #expect(report.curves == expected.curves)
    func undated(_ page: String) -> String { page.replacing(#/<footer>.*<\/footer>/#, with: "") }
    #expect(undated(report.page) == undated(expected.page))
  }
}
