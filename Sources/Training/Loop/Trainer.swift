public import Checkpoints
public import Networks
public import Tensors

/// What a batch gave.
public struct BatchResult: Sendable {
  /// The sum of the images' cross-entropies.
  public var lossSum: Double
  /// The number of images whose largest logit was the label's.
  public var correct: Int
  /// The number of images.
  public var images: Int

  /// A result; zeros to add to.
  public init(lossSum: Double = 0, correct: Int = 0, images: Int = 0) {
    self.lossSum = lossSum
    self.correct = correct
    self.images = images
  }

  /// The mean cross-entropy.
  public var loss: Double { images > 0 ? lossSum / Double(images) : 0 }

  /// The share of hits.
  public var accuracy: Double { images > 0 ? Double(correct) / Double(images) : 0 }

  /// Adds another batch's.
  public static func += (left: inout BatchResult, right: BatchResult) {
    left.lossSum += right.lossSum
    left.correct += right.correct
    left.images += right.images
  }
}

/// A network, its weights and its optimiser on oneDNN: takes batches, makes steps.
///
/// Graphs are built on first use, one for each batch size, and share the weights. Not thread-safe:
/// one thread calls, oneDNN's threads work.
public final class Trainer {
  /// The network.
  public let network: Network
  /// The recipe.
  public let recipe: Recipe
  /// Optimiser steps done.
  public private(set) var step: Int
  private let mainBatch: Int
  private let engine: Engine
  private let parameters: ParameterStore
  private let optimizer: OptimizerState
  private let average: AverageWeights?
  private let clock: Clock
  private var graphs: [GraphKey: TrainingGraph] = [:]

  private struct GraphKey: Hashable {
    let batch: Int
    let isTraining: Bool
  }

  /// Lowers the network for the recipe's batch size.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: A tensor for every parameter.
  ///   - average: Where their moving average begins, if the recipe has one; nil for at the weights.
  ///   - recipe: Optimiser, batch size, seed, and what is frozen.
  ///   - threads: OpenMP threads, from 1.
  ///   - step: Optimiser steps that the weights have seen.
  ///   - batchSize: Images of the usual step, where they are fewer than the recipe's.
  ///   - optimizer: The optimiser's tensors by node and name, of a checkpoint.
  /// - Throws: `TrainingError` where a tensor is missing, oneDNN refuses the network, or what is to
  ///   be frozen is nothing or all.
  public init(
    network: Network, weights: Weights, average: Weights? = nil, recipe: Recipe, threads: Int,
    step: Int = 0, batchSize: Int? = nil, optimizer: [String: [String: Tensor]] = [:]
  ) throws {
    setThreadCount(threads)
    self.network = network
    self.recipe = recipe
    self.step = step
    mainBatch = batchSize ?? recipe.batchSize
    engine = try Engine()
    try engine.require(recipe.precision)
    clock = Clock(seed: recipe.seed)
    let frozen = try network.frozenParameters(recipe.frozen)
    parameters = try ParameterStore(network, weights, engine, isFrozen: frozen.contains)
    // The first graph decides the weights' layouts, and which of them have gradients.
    let graph = try TrainingGraph(
      network, batch: mainBatch, mode: .training, precision: recipe.precision,
      parameters: parameters, clock: clock, engine: engine)
    graphs[GraphKey(batch: mainBatch, isTraining: true)] = graph
    self.optimizer = try OptimizerState(recipe, parameters, engine)
    self.average = try recipe.averageDecay.map { [parameters, engine] decay in
      try AverageWeights(decay: decay, parameters, startingFrom: average, engine)
    }
    try load(optimizer)
  }

  /// One step: forward, loss, backward, update.
  ///
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, row-major.
  ///   - labels: `N` classes, each below the network's number of classes.
  ///   - learningRate: After warm-up and schedule.
  /// - Returns: Loss and hits of the batch, before the update.
  /// - Throws: `TrainingError.oneDNN`.
  public func train(
    images: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, learningRate: Double
  ) throws -> BatchResult {
    let result = try differentiate(images: images, labels: labels)
    step += 1
    optimizer.update(learningRate: learningRate, step: step)
    average?.update(step: step)
    return result
  }

  /// Runs `body` with the moving average in the weights' place, where the recipe has one: what is
  /// evaluated and saved. Steps are to be made outside.
  ///
  /// - Parameter body: What to do.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; the weights are in their place again either way.
  public func withAverage<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let average else { return try body() }
    average.exchange()
    defer { average.exchange() }
    return try body()
  }

  /// Forward, loss and backward in training mode; the weights stay, the gradients are left in place.
  package func differentiate(
    images: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>
  ) throws -> BatchResult {
    check(images, labels)
    let graph = try graph(batch: labels.count, isTraining: true)
    clock.step = step
    _ = graph.input.update(fromContentsOf: images)
    try graph.forward()
    let result = CrossEntropy.evaluate(
      logits: graph.logits, labels: labels, smoothing: recipe.labelSmoothing,
      gradient: graph.logitsGradient)
    // A loss that is not finite ends the run; its gradients would spoil the weights.
    if result.lossSum.isFinite { try graph.backward() }
    return BatchResult(
      lossSum: result.lossSum, correct: result.correct, images: labels.count)
  }

  /// Forward in inference mode: running statistics, no dropout.
  ///
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, row-major.
  ///   - labels: `N` classes.
  ///   - body: Called with the logits `[N, classes]`, valid during the call.
  /// - Returns: Loss (without label smoothing) and hits.
  /// - Throws: `TrainingError.oneDNN`, and what `body` throws.
  public func evaluate(
    images: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>,
    _ body: (UnsafeBufferPointer<Float>) throws -> Void = { _ in }
  ) throws -> BatchResult {
    check(images, labels)
    let graph = try graph(batch: labels.count, isTraining: false)
    _ = graph.input.update(fromContentsOf: images)
    try graph.forward()
    let result = CrossEntropy.evaluate(logits: graph.logits, labels: labels, gradient: nil)
    try body(UnsafeBufferPointer(graph.logits))
    return BatchResult(lossSum: result.lossSum, correct: result.correct, images: labels.count)
  }

  private func check(_ images: UnsafeBufferPointer<Float>, _ labels: UnsafeBufferPointer<Int32>) {
    precondition(!labels.isEmpty && images.count == labels.count * network.input.elementCount)
    precondition(labels.allSatisfy { $0 >= 0 && $0 < network.classCount })
  }

  private func graph(batch: Int, isTraining: Bool) throws -> TrainingGraph {
    let key = GraphKey(batch: batch, isTraining: isTraining)
    if let graph = graphs[key] { return graph }
    let graph = try TrainingGraph(
      network, batch: batch, mode: isTraining ? .training : .inference,
      precision: recipe.precision, parameters: parameters, clock: clock, engine: engine)
    graphs[key] = graph
    return graph
  }

  /// A row-major copy of every parameter.
  ///
  /// - Returns: The weights that the optimiser works on; within `withAverage`, their average.
  /// - Throws: `TrainingError.oneDNN`.
  public func weights() throws -> Weights { try parameters.weights(engine) }

  /// A row-major copy of the gradients that the last backward pass left.
  package func gradients() throws -> [Parameter: Tensor] {
    var result: [Parameter: Tensor] = [:]
    for state in parameters.states {
      if let gradient = state.builtGradient {
        result[state.parameter] = try state.tensor(gradient, engine)
      }
    }
    return result
  }

  /// Replaces every parameter's value.
  package func setWeights(_ weights: Weights) throws {
    for state in parameters.states {
      guard let tensor = weights[state.parameter] else {
        throw TrainingError.missingTensor(name: state.parameter.key)
      }
      try state.load(tensor, into: state.value, engine)
      state.refreshRounded()
    }
  }

  /// The optimiser's tensors by node and name, `weight.momentum`; within `withAverage` also the
  /// weights under the average, `weight.raw`.
  ///
  /// - Returns: Row-major copies, for `withAverage` to hand to a checkpoint.
  /// - Throws: `TrainingError.oneDNN`.
  public func optimizerTensors() throws -> [String: [String: Tensor]] {
    var result = try average?.underlyingTensors() ?? [:]
    for (state, slot, memory) in optimizer.entries {
      let name = "\(state.parameter.role.rawValue).\(slot.rawValue)"
      result[state.parameter.node, default: [:]][name] = try state.tensor(memory, engine)
    }
    return result
  }

  private func load(_ tensors: [String: [String: Tensor]]) throws {
    guard step > 0 else { return }
    for (state, slot, memory) in optimizer.entries {
      let name = "\(state.parameter.role.rawValue).\(slot.rawValue)"
      guard let tensor = tensors[state.parameter.node]?[name],
        tensor.shape == state.parameter.shape
      else {
        throw TrainingError.cannotResume(
          difference: "the checkpoint has no \(name) of node '\(state.parameter.node)'",
          remedy: "resume from a run's last checkpoint, not its best or an exported one, and with "
            + "the optimiser that it had")
      }
      try state.load(tensor, into: memory, engine)
    }
  }

  /// Runs the training graph once on what its buffers hold, step by step.
  ///
  /// - Returns: For every primitive its node, what it is with oneDNN's implementation, and seconds.
  /// - Throws: `TrainingError.oneDNN`.
  public func profile() throws -> [(node: String, label: String, seconds: Double)] {
    try graph(batch: mainBatch, isTraining: true).profile()
  }
}
