// Prints what a training step of a network costs, primitive by primitive.
//
//     train-layers [MODEL] [fp32|bf16] [BATCH] [THREADS]

import Foundation
import Networks
import Training

func argument<Value: LosslessStringConvertible>(_ index: Int, _ usual: Value) throws -> Value {
  let arguments = CommandLine.arguments
  guard arguments.count > index else { return usual }
  guard let value = Value(arguments[index]) else { throw Usage(argument: arguments[index]) }
  return value
}

struct Usage: Error, CustomStringConvertible {
  let argument: String
  var description: String {
    "cannot read '\(argument)': train-layers [MODEL] [fp32|bf16] [BATCH] [THREADS]"
  }
}

func pad(_ text: String, _ width: Int) -> String {
  text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
}

func number(_ value: Double) -> String {
  let text = String(format: "%.2f", value)
  return String(repeating: " ", count: max(0, 9 - text.count)) + text
}

func main() throws {
  let network = try Variant.named(argument(1, "alexnet")).network()
  var recipe = Recipe()
  let precision = try argument(2, "fp32")
  guard let known = Recipe.Precision(rawValue: precision) else { throw Usage(argument: precision) }
  recipe.precision = known
  recipe.batchSize = try argument(3, 128)
  let threads = try argument(4, ProcessInfo.processInfo.activeProcessorCount)
  let trainer = try Trainer(
    network: network, weights: network.initialWeights(seed: 0), recipe: recipe, threads: threads)
  let images = [Float](repeating: 0.5, count: recipe.batchSize * network.input.elementCount)
  let labels = [Int32](repeating: 1, count: recipe.batchSize)
  var steps: [Double] = []
  var profiles: [[(node: String, label: String, seconds: Double)]] = []
  for _ in 0..<5 {
    let start = ContinuousClock().now
    try images.withUnsafeBufferPointer { images in
      try labels.withUnsafeBufferPointer { labels in
        _ = try trainer.train(images: images, labels: labels, learningRate: 1e-6)
      }
    }
    steps.append((ContinuousClock().now - start) / .seconds(1))
    profiles.append(try trainer.profile())
  }
  let macs = Dictionary(uniqueKeysWithValues: network.nodes.map { ($0.name, network.macs(of: $0)) })
  var total = 0.0
  for (index, row) in profiles[0].enumerated() {
    let seconds = profiles.map { $0[index].seconds }.min() ?? row.seconds
    total += seconds
    let isPass = row.label.hasPrefix("forward") || row.label.hasPrefix("backward")
    let work = isPass ? 2 * Double(recipe.batchSize * (macs[row.node] ?? 0)) : 0
    let rate = work > 0 ? number(work / seconds / 1e9) + " GFLOP/s" : ""
    print("\(pad(row.node, 20)) \(pad(row.label, 48)) \(number(seconds * 1e3)) ms \(rate)")
  }
  let best = steps.min() ?? 0
  print(
    "\(network.name) \(precision), batch \(recipe.batchSize), \(threads) threads, best of "
      + "\(steps.count):\(number(total * 1e3)) ms in primitives,\(number(best * 1e3)) ms a step,"
      + "\(number(Double(recipe.batchSize) / best)) images/s")
}

do {
  try main()
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
