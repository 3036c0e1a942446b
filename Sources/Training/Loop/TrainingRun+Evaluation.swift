internal import Datasets
package import Tensors

extension TrainingRun {
  /// Evaluates the held-out part and the test part, with the moving average where there is one; nil
  /// where it was asked to stop.
  func evaluate() throws -> (validation: BatchResult?, test: BatchResult)? {
    try trainer.withAverage {
      var validation: BatchResult?
      if let part = parts.validation {
        guard let result = try evaluate(part, as: .validation, { _, _ in }) else { return nil }
        validation = result
      }
      guard let test = try evaluateTestPart() else { return nil }
      return (validation, test)
    }
  }

  /// What the test part shows of the weights as they are; evaluates it where that was not the last
  /// thing done.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every evaluated batch.
  ///   - observe: Told how the evaluation goes.
  /// - Returns: The findings, or nil where it was asked to stop.
  /// - Throws: `TrainingError.oneDNN`, and `ImageError` of a test image that is gone.
  package func findings(
    shouldStop: @escaping () -> Bool, observe: @escaping (TrainingEvent) throws -> Void
  ) throws -> TestFindings? {
    if let testFindings { return testFindings }
    self.shouldStop = shouldStop
    self.observe = observe
    return try trainer.withAverage { try evaluateTestPart() == nil ? nil : testFindings }
  }

  /// The weights that are evaluated: the moving average where there is one.
  ///
  /// - Returns: A copy.
  /// - Throws: `TrainingError.oneDNN`.
  package func evaluatedWeights() throws -> Weights {
    try trainer.withAverage { try trainer.weights() }
  }

  private func evaluateTestPart() throws -> BatchResult? {
    var findings = TestFindings(classes: network.classCount)
    let result = try evaluate(parts.test, as: .test) { batch, logits in
      findings.add(logits: logits, labels: batch.labels, indices: batch.indices)
    }
    if result != nil { testFindings = findings }
    return result
  }

  private func evaluate(
    _ dataset: any ImageDataset, as part: EvaluatedPart,
    _ body: (Batch, UnsafeBufferPointer<Float>) -> Void
  ) throws -> BatchResult? {
    let loader = try BatchLoader(
      dataset: dataset, preprocessing: preprocessing,
      batchSize: min(settings.recipe.batchSize, dataset.count), ahead: loaders + 1,
      workers: loaders)
    var total = BatchResult()
    while let batch = try loader.next() {
      if shouldStop() { return nil }
      total += try batch.withInputs { images in
        try batch.labels.withUnsafeBufferPointer { labels in
          try trainer.evaluate(images: images, labels: labels) { body(batch, $0) }
        }
      }
      try observe(.evaluating(part, done: total.images, of: dataset.count))
    }
    return total
  }
}
