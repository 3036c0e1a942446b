import Tensors

/// What a number of threads can do at most on this machine, measured: the roof under which layers run
/// (S. Williams, A. Waterman, D. Patterson, "Roofline", CACM 52(4), 2009).
package struct MachinePeak: Sendable, Hashable {
  /// Floating-point operations a second, in 10^9: a multiply–add counts as two.
  package let gflops: Double
  /// Operations on int8 a second, in 10^9: a product and its sum count as two.
  package let int8Gops: Double
  /// Bytes read from memory a second, in 10^9.
  package let gigabytesPerSecond: Double

  /// More than the caches of common processors hold.
  private static let floats = 64 << 20
  private static let repetitions = 12

  /// Measures all three, in about a second.
  ///
  /// - Parameters:
  ///   - isa: The instruction set, which this CPU must have.
  ///   - threads: The threads that compute and read at once.
  /// - Returns: The best of several measurements.
  /// - Throws: `InferenceError` where the instruction set or the memory is not to be had.
  package static func measure(isa: ISA, threads: Int) throws -> MachinePeak {
    try isa.requireAvailable()
    let kernel = PeakKernel.best(for: isa), int8 = Int8PeakKernel.best(for: isa)
    return MachinePeak(
      gflops: arithmetic(threads: threads, width: kernel.width) { kernel.arithmetic($0) },
      int8Gops: arithmetic(threads: threads, width: int8.width) { Float(int8.arithmetic($0) & 1) },
      gigabytesPerSecond: try reading(kernel, threads: threads))
  }

  private static func arithmetic(
    threads: Int, width: Int, _ run: (_ rounds: Int64) -> Float
  ) -> Double {
    let rounds = 1_000_000
    let seconds = least { time(threads: threads) { _ in run(Int64(rounds)) } }
    return 2 * Double(rounds * width * threads) / seconds / 1e9
  }

  private static func reading(_ kernel: PeakKernel, threads: Int) throws -> Double {
    let memory = try AlignedFloats(uninitialized: floats)
    // Untouched pages would all be the one of zeros.
    memory.address.initialize(repeating: 1, count: floats)
    let part = floats / threads / PeakKernel.readingUnit * PeakKernel.readingUnit
    let seconds = least {
      time(threads: threads) { kernel.reading(memory.address + $0 * part, Int64(part)) }
    }
    return Double(4 * part * threads) / seconds / 1e9
  }

  private static func least(_ measurement: () -> Double) -> Double {
    (0..<repetitions).reduce(.infinity) { least, _ in min(least, measurement()) }
  }

  /// The seconds that all threads need, each with one part.
  private static func time(threads: Int, _ part: (Int) -> Float) -> Double {
    ContinuousClock().measure {
      parallelFor(tiles: threads, threads: threads) { tile, _ in
        // A sum of numbers that are none of them negative.
        precondition(part(tile) >= 0)
      }
    } / .seconds(1)
  }
}

extension Duration {
  /// The same in milliseconds.
  var milliseconds: Double { self / .milliseconds(1) }
}
