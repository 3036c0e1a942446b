import CommandSupport
import Files
import Inference
import Networks

/// What `benchmark` prints.
struct BenchmarkReport {
  let network: String
  let precision: Precision
  let isa: ISA
  let benchmark: Benchmark
  /// The machine's limits; nil where layers were not asked for.
  let peak: MachinePeak?

  /// `{"model","precision","batch","threads","isa","minMilliseconds","medianMilliseconds",
  /// "imagesPerSecond","gflops"}`, and with the layers `"peak"` and `"layers"`.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("model", .string(network)),
      .init("precision", .string(precision.rawValue)),
      .init("batch", .integer(benchmark.options.batch)),
      .init("threads", .integer(benchmark.options.threads)),
      .init("isa", .string(isa.rawValue)),
      .init("minMilliseconds", .number(benchmark.minimum)),
      .init("medianMilliseconds", .number(benchmark.median)),
      .init("imagesPerSecond", .number(benchmark.imagesPerSecond)),
      .init("gflops", .number(benchmark.gflops)),
    ]
    if let peak {
      members.append(
        .init(
          "peak",
          .object([
            .init("gflops", .number(peak.gflops)),
            .init("int8Gops", .number(peak.int8Gops)),
            .init("gigabytesPerSecond", .number(peak.gigabytesPerSecond)),
          ])))
      members.append(.init("layers", .array(benchmark.layers.map { json(of: $0, peak) })))
    }
    return .object(members)
  }

  private func json(of layer: Benchmark.Layer, _ peak: MachinePeak) -> JSONValue {
    let (share, bound) = peak.share(of: layer)
    return .object([
      .init("name", .string(layer.step.name)),
      .init("algorithm", .string(layer.step.algorithm)),
      .init("medianMilliseconds", .number(layer.milliseconds)),
      .init("gflops", .number(layer.gflops)),
      .init("gigabytesPerSecond", .number(layer.gigabytesPerSecond)),
      .init("shareOfPeak", .number(share)),
      .init("bound", .string(bound.rawValue)),
    ])
  }

  /// For people: the totals, then a row for each layer.
  var text: String {
    let options = benchmark.options
    let totals = TextTable([
      ["network", "\(network.printable), \(precision.rawValue), \(isa.rawValue)"],
      [
        "batch",
        "\(options.batch) on \(options.threads) \(options.threads == 1 ? "thread" : "threads")",
      ],
      [
        "time",
        "\(Decimals.text(benchmark.minimum, 3)) ms at least, "
          + "\(Decimals.text(benchmark.median, 3)) ms in the median of "
          + "\(benchmark.milliseconds.count) runs",
      ],
      ["images/s", Decimals.text(benchmark.imagesPerSecond, 1)],
      ["GFLOP/s", Decimals.text(benchmark.gflops, 1)],
    ]).description
    guard let peak else { return totals }
    let limits =
      "peak      \(Decimals.text(peak.gflops, 1)) GFLOP/s, "
      + "\(Decimals.text(peak.int8Gops, 1)) Gop/s in int8, "
      + "\(Decimals.text(peak.gigabytesPerSecond, 1)) GB/s read from memory"
    return [totals, limits, "", table(peak)].joined(separator: "\n")
  }

  private func table(_ peak: MachinePeak) -> String {
    let sum = benchmark.layers.reduce(0) { $0 + $1.milliseconds }
    let rows = benchmark.layers.map { layer in
      let (share, bound) = peak.share(of: layer)
      return [
        layer.step.name.printable, layer.step.algorithm, Decimals.text(layer.milliseconds, 3),
        Decimals.percent(layer.milliseconds / sum), Decimals.text(layer.gflops, 1),
        Decimals.text(layer.gigabytesPerSecond, 1), Decimals.percent(share, 0), bound.rawValue,
      ]
    }
    let heading = ["layer", "algorithm", "ms", "time", "GFLOP/s", "GB/s", "of peak", "bound by"]
    return TextTable([heading] + rows, numeric: [2, 3, 4, 5, 6]).description
  }
}

/// Which of a machine's limits a layer is nearer to.
private enum Bound: String {
  case arithmetic, memory
}

extension MachinePeak {
  /// The greater of the shares that a layer reaches of both limits, and of which.
  fileprivate func share(of layer: Benchmark.Layer) -> (Double, Bound) {
    let arithmetic = layer.gflops / (layer.step.isInt8 ? int8Gops : gflops)
    let memory = layer.gigabytesPerSecond / gigabytesPerSecond
    return arithmetic >= memory ? (arithmetic, .arithmetic) : (memory, .memory)
  }
}
