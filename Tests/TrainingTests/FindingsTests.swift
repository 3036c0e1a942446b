import Checkpoints
import Datasets
import Testing
import Training

@Suite("What a run finds in its test part", .serialized)
struct FindingsTests: RunBench {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func findings(_ run: TrainingRun) throws -> TestFindings {
    try #require(try run.findings(shouldStop: { false }, observe: { _ in }))
  }

  @Test("Every test image is counted once, and mistakes come with the worst first")
  func whole() throws {
    let result = try keptRun(
      settings {
        $0.validationSplit = 0.2
        $0.recipe.epochs = 2
      }, into: "a.h5")
    let findings = try findings(result.run)
    #expect(findings.confusion.values.reduce(0, +) == 20)
    let wrong = findings.confusion.filter { $0.key.label != $0.key.prediction }
    #expect(findings.mistakes.count == min(wrong.values.reduce(0, +), TestFindings.mistakeLimit))
    #expect(findings.mistakes.allSatisfy { $0.label != $0.prediction && $0.probability <= 1 })
    let losses = findings.mistakes.map(\.loss)
    #expect(losses == losses.sorted(by: >))
  }

  @Test("A finished run's findings are made again from its checkpoint")
  func again() throws {
    let first = try keptRun(settings(), into: "a.h5")
    let expected = try findings(first.run)
    let again = try keptRun(settings(), into: "b.h5", resuming: "a.h5")
    #expect(again.epochs.isEmpty)
    #expect(try findings(again.run) == expected)
    #expect(again.run.history == first.run.history && again.run.steps == first.run.steps)
    #expect(again.run.bestEpoch == first.run.bestEpoch)
    let weights = try (first.run.evaluatedWeights(), again.run.evaluatedWeights())
    for parameter in first.run.network.parameters {
      let values = weights.0[parameter.node, parameter.role]?.floats
      #expect(values != nil && values == weights.1[parameter.node, parameter.role]?.floats)
    }
  }
}
