import Inference
import Networks
import Tensors
import Testing

@Suite("Benchmarks")
struct BenchmarkTests {
  @Test("Every instruction set's limits can be measured", arguments: ISA.available)
  func peak(isa: ISA) throws {
    let peak = try MachinePeak.measure(isa: isa, threads: 1)
    #expect(peak.gflops.isFinite && peak.gflops > 0)
    #expect(peak.int8Gops.isFinite && peak.int8Gops > 0)
    #expect(peak.gigabytesPerSecond.isFinite && peak.gigabytesPerSecond > 0)
  }

  @Test("The peak's kernels compute what they claim", arguments: PeakKernel.all)
  func kernels(kernel: PeakKernel) {
    guard ISA.available.contains(kernel.isa) else { return }
    // Every chain runs towards term / (1 - factor) = 1.
    let sum = kernel.arithmetic(1_000_000)
    #expect(abs(sum / Float(kernel.width) - 1) < 1e-2)
    let memory = [Float](repeating: 2, count: 3 * PeakKernel.readingUnit)
    let total = memory.withUnsafeBufferPointer { kernel.reading($0.baseAddress, Int64($0.count)) }
    #expect(total == Float(2 * memory.count))
  }

  @Test("The int8 peak's kernels compute what they claim", arguments: Int8PeakKernel.all)
  func int8Kernels(kernel: Int8PeakKernel) {
    guard ISA.available.contains(kernel.isa) else { return }
    #expect(kernel.arithmetic(1000) == Int32(1000 * kernel.width))
  }

  @Test("A benchmark has as many runs as asked for, and a time for each step")
  func run() throws {
    let network = try Variant.named("lenet").network()
    var weights = Weights()
    for parameter in network.parameters {
      weights[parameter] = Tensor(
        shape: parameter.shape, [Float](repeating: 0.01, count: parameter.count))
    }
    let plan = try Plan(network: network, weights: weights)
    let benchmark = try Benchmark.run(
      plan, options: .init(batch: 2, threads: 2, runs: 4, layers: true))
    #expect(benchmark.milliseconds.count == 4)
    #expect(benchmark.minimum <= benchmark.median)
    #expect(benchmark.milliseconds == benchmark.milliseconds.sorted())
    #expect(benchmark.layers.map(\.step) == plan.steps)
    #expect(benchmark.layers.allSatisfy { $0.milliseconds > 0 && $0.batch == 2 })
    // conv1 reads 28×28 floats an image and writes 6×28×28, fused with its sigmoid or not.
    #expect(plan.steps.first?.activationBytes == 4 * 7 * 28 * 28)
  }
}
