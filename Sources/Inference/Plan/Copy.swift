extension Lowered {
  /// A value brought into another's memory, where it could not be computed there.
  struct Copy: LoweredOperation {
    var movesValues: Bool { true }

    func step(_ context: StepContext) -> any Step {
      CopyStep(input: context.input, output: context.output, count: context.elementCount)
    }
  }
}

private struct CopyStep: Step {
  let input, output: Location
  let count: Int

  var algorithm: String { "copy" }

  func run(_ frame: Frame) {
    frame.tiles(items: count, work: 1) { image, elements, _ in
      let from = frame.read(input, image: image) + elements.lowerBound
      (frame.write(output, image: image) + elements.lowerBound)
        .update(from: from, count: elements.count)
    }
  }
}
