import Images
import Reports
import Testing

@Suite("Training reports")
struct TrainingReportTests {
  private static let history: [(name: String, values: [Double])] = [
    ("trainLoss", [2.25, 1.5]), ("trainAccuracy", [0.25, 0.5]), ("validationLoss", [2, 1.75]),
    ("validationAccuracy", [0.3, 0.4]), ("testLoss", [2, 1.8]), ("testAccuracy", [0.3, 0.45]),
    ("learningRate", [0.1, 0.05]), ("imagesPerSecond", [100, 110]), ("seconds", [60, 70]),
    ("unknown", [1]),
  ]

  /// A run of two epochs with every part; strings are `name` where users choose them.
  private func report(
    name: String = "net", classes: [String] = ["cat", "dog"]
  ) -> TrainingReport {
    var report = TrainingReport(
      model: .init(
        name: name, layers: "Linear  \(name)", parameters: 12_345, macs: 1_000_000,
        classNames: classes),
      data: .init(source: name, training: 72, validation: 18), history: RunHistory(Self.history))
    report.bestEpoch = 2
    report.confusion.add(label: 0, prediction: 0, count: 9)
    report.confusion.add(label: 0, prediction: 1)
    report.confusion.add(label: 1, prediction: 1, count: 10)
    report.mistakes = [
      .init(
        image: Image(width: 2, height: 1, gray: [0, 255]), index: 3, label: 0, prediction: 1,
        probability: 0.875)
    ]
    report.filters = .init(
      node: name, pictures: FilterPictures.pictures([1, -1, 0, 0.5], shape: [1, 1, 2, 2]))
    report.recipe = [.init("epochs", name), .init("seed", "0", isUsual: true)]
    report.machine = [.init("threads", "2")]
    (report.steps, report.producer, report.date) = (12, name, "a day")
    return report
  }

  @Test("A page fetches nothing, runs nothing, and holds every part")
  func page() throws {
    let page = try report().html()
    for part in [
      "Curves", "Confusion", "Worst mistakes", "Filters of net", "Recipe", "Machine", "Epochs",
      "Network",
    ] {
      #expect(page.contains(">\(part)<"), "\(part)")
    }
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    let images = page.matches(of: #/<img [^>]*src="([^"]{22})/#).map { String($0.output.1) }
    #expect(images == Array(repeating: "data:image/png;base64,", count: 2))
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

  @Test("Numbers are those of the run")
  func numbers() throws {
    let page = try report().html()
    #expect(page.contains("72 training images, 18 held out and 20 test images of 2 classes"))
    #expect(page.contains("<strong>95.0 %</strong><small>19 of 20</small>"))
    #expect(page.contains("<strong>2</strong><small>validation loss 1.75</small>"))
    #expect(page.contains("<strong>2 min 10 s</strong>") && page.contains("12 steps"))
    let row = ["2", "1.5", "0.5", "1.75", "0.4", "1.8", "0.45", "0.05", "110", "70"]
      .map { "<td>\($0)</td>" }.joined()
    #expect(page.contains("<tr class=\"best\">\(row)</tr>"))
  }

  @Test("What is not known is left out")
  func bare() throws {
    let model = TrainingReport.Model(
      name: "net", layers: "", parameters: 0, macs: 0, classNames: ["one"])
    let page = try TrainingReport(
      model: model, data: .init(source: "data", training: 0, validation: nil),
      history: RunHistory()
    ).html()
    for part in ["Curves", "Worst mistakes", "Filters", "held out", "best epoch"] {
      #expect(!page.contains(part), "\(part)")
    }
  }

  @Test("Names are text, whatever they hold")
  func escaping() throws {
    let page = try report(
      name: "<script>alert('1')</script>", classes: ["a\"b &amp;", "</style>\n"]
    ).html()
    #expect(!page.contains("<script>") && page.contains("&lt;script&gt;alert(&#39;1&#39;)"))
    #expect(page.contains("a&quot;b") && page.contains("&amp;amp;"))
    #expect(page.matches(of: #/<\/style>/#).count == 1)
  }

  @Test("The curves are a picture of two panels that are not blank")
  func curves() {
    let curves = report().curves
    #expect(curves.width == 1800 && curves.height == 640)
    let colours = Set(
      (0..<curves.height).flatMap { y in (0..<curves.width).map { x in curves[x, y] } })
    #expect(colours.contains(Color(red: 0x25, green: 0x63, blue: 0xEB)))
    #expect(colours.contains(Color(red: 0x05, green: 0x96, blue: 0x69)))
    #expect(colours.contains(Color(red: 0xEA, green: 0x58, blue: 0x0C)))
  }

  @Test("A history as characters has both losses and both accuracies")
  func characters() throws {
    let lines = try #require(ChartText(RunHistory(Self.history)).text).split(separator: "\n")
    #expect(lines[0] == "loss: ● trainLoss, ○ testLoss")
    #expect(lines[1].hasPrefix("2.2500 ┤●") && lines[8].hasPrefix("1.5000 ┤"))
    #expect(lines.contains("accuracy: ● trainAccuracy, ○ testAccuracy"))
    #expect(ChartText(RunHistory([("trainLoss", [1])])).text == nil)
  }
}
