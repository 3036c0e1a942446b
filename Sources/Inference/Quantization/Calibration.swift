public import Checkpoints
import Networks

/// What the values inside of a float network look like over real images: a histogram of each value
/// that gets a grid in int8, filled batch by batch in memory that does not grow.
///
/// ```swift
/// let calibration = try Calibration(of: Checkpoint(contentsOf: "alexnet.h5"))
/// for batch in batches { try calibration.observe(batch) }  // prepared images, [Float]
/// print(calibration.samples, "images seen")
/// let quantizer = try Quantizer(calibration, method: .mse)
/// try quantizer.checkpoint().write(to: "alexnet-int8.h5")
/// ```
public final class Calibration {
  /// The float checkpoint with its batch norms folded, which is what is quantised.
  package let checkpoint: Checkpoint
  /// Images seen.
  public private(set) var samples = 0
  /// Threads of a run.
  package let threads: Int
  let values: QuantizedValues
  let isa: ISA?
  /// By name, in the order of `values.names`.
  private(set) var histograms: [ValueHistogram]
  /// The first images seen, by which layers are compared.
  private(set) var examples: [Float] = []
  private let runner: NetworkValues

  /// Images that are kept to compare layers by.
  static let exampleLimit = 16
  private static let batch = 16

  /// Nothing seen yet.
  ///
  /// - Parameters:
  ///   - checkpoint: A float checkpoint.
  ///   - isa: An instruction set, or nil for the best available.
  ///   - threads: Threads, all cores if nil.
  /// - Throws: `InferenceError`: `.alreadyQuantized` where a weight is int8.
  public init(of checkpoint: Checkpoint, isa: ISA? = nil, threads: Int? = nil) throws {
    for (name, node) in checkpoint.weights.nodes
    where node.parameters.values.contains(where: { $0.element == .int8 }) {
      throw InferenceError.alreadyQuantized(node: name)
    }
    var folded = try checkpoint.foldingBatchNorm()
    folded.quantization = nil
    self.checkpoint = folded
    self.isa = isa
    values = try QuantizedValues(folded)
    runner = try NetworkValues(
      of: values.names, in: folded.network, weights: folded.weights, isa: isa, threads: threads,
      batch: Self.batch)
    self.threads = runner.threads
    histograms = Array(repeating: ValueHistogram(), count: values.names.count)
  }

  /// Runs images and counts what comes up.
  ///
  /// - Parameter images: Prepared images `[C, H, W]`, one after another; what is no whole image at the
  ///   end is left out.
  /// - Throws: `InferenceError.notFinite` with the value at fault.
  package func observe(_ images: UnsafeBufferPointer<Float>) throws {
    let size = checkpoint.network.input.elementCount
    let count = images.count / size
    for first in stride(from: 0, to: count, by: runner.maximumBatch) {
      let part = min(runner.maximumBatch, count - first)
      let range = first * size..<(first + part) * size
      try runner.run(UnsafeBufferPointer(rebasing: images[range]), count: part) { lent in
        try record(lent, images: part)
      }
      samples += part
    }
    let wanted = max(0, min(count, Self.exampleLimit - examples.count / size))
    examples += images[..<(wanted * size)]
  }

  /// Runs images and counts what comes up.
  ///
  /// - Parameter images: Prepared images `[C, H, W]`, one after another.
  /// - Throws: `InferenceError.notFinite` with the value at fault.
  public func observe(_ images: [Float]) throws {
    try images.withUnsafeBufferPointer { try observe($0) }
  }

  private func record(_ lent: NetworkValues.Lent, images: Int) throws {
    var isFinite = [Bool](repeating: true, count: histograms.count)
    histograms.withUnsafeMutableBufferPointer { histograms in
      isFinite.withUnsafeMutableBufferPointer { isFinite in
        // Each tile has a histogram of its own.
        parallelFor(tiles: histograms.count, threads: threads) { tile, _ in
          for image in 0..<images {
            let values = lent[self.values.names[tile], image]
            isFinite[tile] = histograms[tile].add(values) && isFinite[tile]
          }
        }
      }
    }
    if let index = isFinite.firstIndex(of: false) {
      throw InferenceError.notFinite(value: values.names[index])
    }
  }

  /// The grid of every value that gets one.
  ///
  /// - Parameters:
  ///   - method: How ranges are chosen.
  ///   - fallback: Layers that compute in float32.
  /// - Returns: Grids by name.
  func grids(
    _ method: CalibrationMethod, besides fallback: Set<String> = []
  ) -> [String: Quantization.Activation] {
    var grids = [Quantization.Activation](
      repeating: .init(scale: 1, zeroPoint: 0), count: histograms.count)
    grids.withUnsafeMutableBufferPointer { grids in
      parallelFor(tiles: histograms.count, threads: threads) { tile, _ in
        grids[tile] = .spanning(histograms[tile].range(method))
      }
    }
    let own = Dictionary(uniqueKeysWithValues: zip(values.names, grids))
    return own.reduce(into: [:]) { result, entry in
      var name = entry.key
      while let other = values.shared[name] { name = other }
      result[entry.key] = own[name]
    }
  }
}
