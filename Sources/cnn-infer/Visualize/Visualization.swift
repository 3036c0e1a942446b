import Checkpoints
import CommandSupport
import Files
import Images
import Inference
import Networks

/// What is drawn of a checkpoint, and of an image in it.
struct Visualization {
  /// Which feature maps are drawn.
  enum Layers: String, CaseIterable {
    /// The last of each size.
    case stages
    /// Those behind every convolution.
    case all
  }

  let checkpoint: Checkpoint
  let threads: Int
  let layers: Layers
  let classes: Int

  private var network: Network { checkpoint.network }

  /// The filters that see the image itself.
  func addFilters(to exhibition: inout Exhibition) throws {
    guard let first = network.inputConvolution,
      let weight = checkpoint.weights[first.name, .weight]
    else { return }
    let shape = weight.shape
    let color = shape[1] == 3 ? ", input channels as red, green and blue" : ""
    try exhibition.add(
      Drawing.filters(weight), "filters-\(first.name)", section: "What the first layer looks for",
      caption: "\(first.name): \(shape[0]) filters of \(shape[2])×\(shape[3]), each on its own "
        + "scale, 0 in the middle gray\(color)")
  }

  /// What a picture of the input, of its maps and of the places that speak for a class show.
  ///
  /// - Returns: The likeliest classes, as text.
  func add(_ image: Image, to exhibition: inout Exhibition, progress: ProgressReporter) throws
    -> String
  {
    let input = try checkpoint.preprocessing.tensor(of: image)
    let factor = Drawing.factor(of: checkpoint.preprocessing)
    let picture = Drawing.input(input, checkpoint.preprocessing, factor: factor)
    try exhibition.add(
      picture, "input", section: "What the network is shown",
      caption: "the image at the network's size, \(network.input)")
    let names =
      switch layers {
      case .stages: FeatureMaps.stages(of: network)
      case .all: FeatureMaps.layers(of: network)
      }
    let values = try FeatureMaps.values(
      of: names + [network.output], in: network, weights: checkpoint.weights, input: input,
      threads: threads)
    let found = predictions(values[network.output, default: []])
    for (index, name) in names.enumerated() {
      let level = index == 0 ? "low" : index == names.count - 1 ? "high" : "middle"
      try addMap(
        of: name, values[name, default: []], place: index + 1, level: level, to: &exhibition)
    }
    try addActivation(of: found, input, picture, to: &exhibition, progress: progress)
    return found.map { "\($0.label.printable) \(Decimals.percent(Double($0.probability)))" }
      .joined(separator: ", ")
  }

  private func predictions(_ logits: [Float]) -> [(
    label: String, index: Int, probability: Float
  )] {
    let probabilities = Softmax.probabilities(logits)
    return Softmax.top(logits, count: classes).map {
      (checkpoint.label($0), $0, probabilities[$0])
    }
  }

  private func addMap(
    of name: String, _ values: [Float], place: Int, level: String, to exhibition: inout Exhibition
  ) throws {
    let shape = network.shape(of: name)
    let (picture, channels) = Drawing.maps(values, shape)
    let count =
      channels.count == shape.channels
      ? "\(shape.channels) maps"
      : "the \(channels.count) of \(shape.channels) maps that vary most,"
    try exhibition.add(
      picture, "maps-\(place)-\(name)", section: "What the layers answer",
      caption: "\(level): \(name), \(count) of \(shape.height)×\(shape.width)")
  }

  private func addActivation(
    of classes: [(label: String, index: Int, probability: Float)], _ input: [Float],
    _ picture: Picture, to exhibition: inout Exhibition, progress: ProgressReporter
  ) throws {
    let activation = ClassActivation(
      network: network, weights: checkpoint.weights, threads: threads)
    if case .occlusion(_, let places) = activation.method {
      progress.begin("covering places", total: places, unit: "places")
    }
    defer { progress.end() }
    let maps = try activation.maps(for: classes.map(\.index), input: input) { progress.update($0) }
    for (place, (found, map)) in zip(classes, maps).enumerated() {
      try exhibition.add(
        Drawing.overlay(map, on: picture, checkpoint.preprocessing), "activation-\(place + 1)",
        section: activation.method.heading,
        caption: "\(found.label.printable), \(Decimals.percent(Double(found.probability)))")
    }
  }
}

extension ClassActivation.Method {
  fileprivate var heading: String {
    switch self {
    case .classActivationMap(let node):
      "What speaks for a class: class activation map of \(node) (Zhou et al. 2016)"
    case .occlusion(let patch, _):
      "What speaks for a class: what is lost where \(patch) pixels are covered "
        + "(Zeiler & Fergus 2014)"
    }
  }
}
