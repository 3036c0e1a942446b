import Checkpoints
import Datasets
import Foundation
import Networks
import Testing
import Training

@Suite("Training runs", .serialized)
struct TrainingRunTests: RunBench {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A run learns, logs every epoch and keeps last and best checkpoint")
  func learns() throws {
    let result = try run(settings { $0.recipe.epochs = 12 }, into: "a.h5")
    #expect(result.epochs.map(\.epoch) == Array(1...12))
    let last = try #require(result.epochs.last)
    #expect(last.trainLoss < 0.7)
    #expect(last.testAccuracy >= 0.9)
    #expect(last.imagesPerSecond > 0)
    let saved = try Checkpoint(contentsOf: folder.path("a.h5"))
    #expect(saved.training?.epoch == 12)
    #expect(saved.training?.step == 12 * 6)
    let best = try Checkpoint(contentsOf: folder.path("a.best.h5"), options: .trainingState)
    #expect(best.training?.optimizer.isEmpty == true)
    let bestLoss = result.epochs.map(\.trainLoss).min()
    let losses = try #require(best.training?.history.first { $0.name == "trainLoss" }?.values)
    #expect(losses.last == bestLoss)
  }

  @Test("The same seed and threads give the same bits; another seed does not")
  func repeats() throws {
    _ = try run(settings(), into: "a.h5")
    _ = try run(settings(), into: "b.h5")
    _ = try run(settings { $0.recipe.seed = 8 }, into: "c.h5")
    let (a, b, c) = (try content("a.h5"), try content("b.h5"), try content("c.h5"))
    #expect(a == b)
    #expect(a["conv1.weight"] != c["conv1.weight"])
  }

  @Test(
    "A run that was stopped anywhere ends as one that was not", arguments: [1, 2, 5, 6, 7, 8, 13])
  func resumes(steps: Int) throws {
    _ = try run(settings(), into: "whole.h5")
    var asked = 0
    let first = try run(
      settings(), into: "parts.h5",
      shouldStop: {
        asked += 1
        return asked >= steps
      })
    guard case .stopped = first.outcome else {
      Issue.record("the run was not stopped")
      return
    }
    let second = try run(settings(), into: "parts.h5", resuming: "parts.h5")
    guard case .finished = second.outcome else {
      Issue.record("the run did not finish")
      return
    }
    #expect(try content("parts.h5") == content("whole.h5"))
  }

  @Test(
    "A run in bfloat16 that was stopped ends as one that was not, to the bit",
    .enabled(if: Recipe.Precision.bf16.isSupported, "the processor has no avx512_bf16"))
  func resumesInBfloat16() throws {
    let whole = settings { $0.recipe.precision = .bf16 }
    let result = try run(whole, into: "whole.h5")
    #expect(result.epochs.last.map { $0.trainLoss < 1.3 } == true)
    _ = try run(
      settings {
        $0.recipe.precision = .bf16
        $0.maxSteps = 8
      }, into: "part.h5")
    _ = try run(whole, into: "part.h5", resuming: "part.h5")
    #expect(try content("part.h5") == content("whole.h5"))
    #expect(throws: TrainingError.self) {
      _ = try run(settings { $0.recipe.epochs = 20 }, into: "part.h5", resuming: "part.h5")
    }
  }

  @Test("A run ended by its largest number of steps goes on with a larger one")
  func maxSteps() throws {
    _ = try run(settings(), into: "whole.h5")
    let part = try run(settings { $0.maxSteps = 8 }, into: "part.h5")
    #expect(part.epochs.map(\.epoch) == [1, 2])
    _ = try run(settings(), into: "part.h5", resuming: "part.h5")
    #expect(try content("part.h5") == content("whole.h5"))
  }

  @Test("A finished run changes nothing when it is resumed")
  func finished() throws {
    _ = try run(settings(), into: "a.h5")
    let before = try Data(contentsOf: URL(filePath: folder.path("a.h5")))
    let result = try run(settings(), into: "a.h5", resuming: "a.h5")
    guard case .finished = result.outcome else {
      Issue.record("the run did not finish")
      return
    }
    #expect(result.epochs.isEmpty)
    #expect(try Data(contentsOf: URL(filePath: folder.path("a.h5"))) == before)
  }

  @Test("A stop in the last evaluation leaves it to the resumed run")
  func stopInEvaluation() throws {
    let settings = settings { $0.maxSteps = 8 }
    _ = try run(settings, into: "whole.h5")
    // Five questions after steps of the first epoch and two in its evaluation, one after the
    // seventh step; the ninth comes in the evaluation of what the largest number of steps left.
    var asked = 0
    let first = try run(
      settings, into: "part.h5",
      shouldStop: {
        asked += 1
        return asked == 9
      })
    guard case .stopped = first.outcome else {
      Issue.record("the run was not stopped")
      return
    }
    #expect(first.epochs.map(\.epoch) == [1])
    let second = try run(settings, into: "part.h5", resuming: "part.h5")
    #expect(second.epochs.map(\.epoch) == [2])
    #expect(try content("part.h5") == content("whole.h5"))
  }

  @Test("A checkpoint of no steps takes other classes and colours, and keeps what fits")
  func fitting() throws {
    var start = try fresh(seed: 4)
    start.training = TrainingRecord(epoch: 0, step: 0, seed: 4, recipe: "{}")
    let source = DataSource(train: ColorData(), test: ColorData())
    var notes: [String] = []
    let fitted = try start.fittedBeforeFirstStep(to: source) { notes.append($0) }
    #expect(notes.count == 2)
    #expect(fitted.network.classCount == 2 && fitted.network.input.channels == 3)
    #expect(fitted.preprocessing.channels == 3 && fitted.labels == ["red", "blue"])
    #expect(fitted.weights["fc1", .weight]?.floats == start.weights["fc1", .weight]?.floats)
    #expect(fitted.weights["fc2", .weight]?.shape == [2, 16])
    #expect(fitted.weights["conv1", .weight]?.shape == [8, 3, 3, 3])
  }

  @Test("Resuming without the optimiser's tensors is refused")
  func bestIsNoResumePoint() throws {
    _ = try run(settings(), into: "a.h5")
    let error = #expect(throws: TrainingError.self) {
      try run(settings { $0.recipe.epochs = 9 }, into: "b.h5", resuming: "a.best.h5")
    }
    #expect(error?.description.contains("momentum") == true)
  }

  @Test(
    "Every optimiser learns, and resumes to the same bits", arguments: Recipe.Optimizer.allCases)
  func optimizers(_ optimizer: Recipe.Optimizer) throws {
    let settings = settings {
      $0.recipe.optimizer = optimizer
      $0.recipe.weightDecay = 1e-3
      $0.recipe.clipNorm = 5
      $0.recipe.labelSmoothing = 0.05
      $0.recipe.schedule = .cosine
      $0.recipe.warmupEpochs = 0.5
      if [.adam, .adamw].contains(optimizer) { $0.recipe.learningRate = 0.005 }
    }
    let result = try run(settings, into: "a.h5")
    let (first, last) = (try #require(result.epochs.first), try #require(result.epochs.last))
    #expect(last.trainLoss < first.trainLoss)
    var half = settings
    half.maxSteps = 9
    _ = try run(half, into: "b.h5")
    _ = try run(settings, into: "b.h5", resuming: "b.h5")
    #expect(try content("a.h5") == content("b.h5"))
  }

  @Test("A loss that is not finite ends the run and keeps the last good checkpoint")
  func diverges() throws {
    _ = try run(settings { $0.maxSteps = 2 }, into: "a.h5")
    let before = try content("a.h5")
    let error = #expect(throws: TrainingError.self) {
      try run(
        settings {
          $0.recipe.learningRate = 1e30
          $0.maxSteps = 50
        }, into: "a.h5", resuming: "a.h5")
    }
    #expect(error?.setting == .learningRate)
    #expect(error?.description.contains("epoch 1") == true)
    #expect(try content("a.h5") == before)
  }

  @Test("Resuming with other data, seed or batch says what differs")
  func differences() throws {
    _ = try run(settings { $0.maxSteps = 2 }, into: "a.h5")
    for (change, word) in [
      ({ $0.limitTrain = 40 }, "40"), ({ $0.recipe.seed = 9 }, "seed"),
      ({ $0.recipe.batchSize = 8 }, "batch"),
    ] as [((inout RunSettings) -> Void, String)] {
      let error = #expect(throws: TrainingError.self) {
        try run(settings(change), into: "b.h5", resuming: "a.h5")
      }
      #expect(error?.description.contains(word) == true)
    }
  }

  @Test("A second run on the same output is told who holds it")
  func held() throws {
    let saving = try CheckpointSaving(path: folder.path("a.h5"), producer: "tests")
    let error = #expect(throws: CheckpointError.self) {
      _ = try CheckpointSaving(path: folder.path("a.h5"), producer: "tests")
    }
    #expect(error?.description.contains("\(ProcessInfo.processInfo.processIdentifier)") == true)
    withExtendedLifetime(saving) {}
  }
}
