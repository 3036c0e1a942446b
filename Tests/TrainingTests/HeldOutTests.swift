import Checkpoints
import Datasets
import Images
import Networks
import Testing
import Training

@Suite("The held-out part", .serialized)
struct HeldOutTests: RunBench {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("It is disjoint from what is learned from, and the same for the same seed")
  func split() throws {
    func parts(seed: UInt64) throws -> (train: [Int], held: [Int]) {
      var settings = RunSettings()
      settings.recipe.seed = seed
      settings.limitTrain = 80
      settings.validationSplit = 0.25
      let parts = try DataParts(
        DataSource(train: NumberedClasses(count: 100), test: ToyData(count: 1, seed: 1)), settings)
      let held = try #require(parts.validation)
      return ((0..<parts.train.count).map(parts.train.label), (0..<held.count).map(held.label))
    }
    let first = try parts(seed: 1)
    #expect(first.train.count == 60 && first.held.count == 20)
    #expect(Set(first.train).isDisjoint(with: first.held))
    #expect((first.train + first.held).sorted() == Array(0..<80))
    #expect(try parts(seed: 1) == first)
    #expect(try parts(seed: 2).held != first.held)
  }

  @Test("It decides which epoch is the best, and is kept in log and history")
  func best() throws {
    let result = try keptRun(
      settings {
        $0.validationSplit = 0.2
        $0.recipe.epochs = 6
        $0.recipe.learningRate = 0.3
      }, into: "a.h5")
    let losses = try result.epochs.map { try #require($0.validationLoss) }
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] }) + 1
    #expect(result.run.bestEpoch?.epoch == best)
    #expect(try Checkpoint(contentsOf: folder.path("a.best.h5")).training?.epoch == best)
    let columns = try Checkpoint(contentsOf: folder.path("a.h5")).training?.history
    #expect(columns?.first { $0.name == "validationLoss" }?.values == losses)
    #expect(result.epochs[0].jsonLine.contains(#""validationLoss":"#))
    #expect(result.epochs[0].jsonLine.contains(#""validationAccuracy":"#))
  }

  @Test("The run ends after so many epochs without a better one, and stays ended")
  func patience() throws {
    var settings = settings {
      $0.validationSplit = 0.2
      $0.patience = 2
      $0.recipe.epochs = 200
      $0.recipe.learningRate = 0.2
    }
    let losses = try run(settings, into: "a.h5").epochs.compactMap(\.validationLoss)
    #expect(losses.count < 200)
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] }) + 1
    #expect(losses.count == best + 2)
    // It did not end later than it should have: no earlier best stood for two epochs.
    for count in 1..<losses.count {
      let part = losses.prefix(count)
      let earlier = try #require(part.indices.min { part[$0] < part[$1] })
      #expect(count - (earlier + 1) < 2)
    }
    #expect(try run(settings, into: "a.h5", resuming: "a.h5").epochs.isEmpty)
    settings.patience = 5
    #expect(try !run(settings, into: "a.h5", resuming: "a.h5").epochs.isEmpty)
  }

  @Test("Another share, or patience without a held-out part, is refused by its name")
  func refused() throws {
    _ = try run(
      settings {
        $0.validationSplit = 0.2
        $0.maxSteps = 2
      }, into: "a.h5")
    let cases: [((inout RunSettings) -> Void, String?, String)] = [
      ({ $0.validationSplit = 0.3 }, "a.h5", "held out 0.2 of its images, not 0.3"),
      ({ _ in }, "a.h5", "held out 0.2 of its images, not nothing"),
      ({ $0.patience = 2 }, nil, "patience = 2"),
      ({ $0.validationSplit = 1 }, nil, "validation share = 1.0"),
      ({ $0.validationSplit = 0.999 }, nil, "0.999"),
    ]
    for (change, resuming, text) in cases {
      let error = #expect(throws: (any Error).self) {
        try run(settings(change), into: "b.h5", resuming: resuming)
      }
      #expect("\(error as Any)".contains(text), "\(error as Any)")
    }
  }
}

/// Each image is a class of its own, so that its label tells which it is.
private struct NumberedClasses: ImageDataset {
  let count: Int
  var source: String { "numbers" }
  var channels: Int { 1 }
  var classNames: [String] { (0..<count).map(String.init) }
  func label(at index: Int) -> Int { index }
  func image(at index: Int) throws -> Image { Image(width: 1, height: 1, gray: [0]) }
}
