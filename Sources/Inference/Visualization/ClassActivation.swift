internal import Hardware
package import Networks
package import Tensors

/// Which places of an image speak for a class.
///
/// Where the scores are a linear function of averaged feature maps, the answer is exact: the class
/// activation map `Σₖ w[class, k] · map[k]` (Zhou et al. 2016, §2), which is also what Grad-CAM gives
/// for such a head (Selvaraju et al. 2017, §3.1). Networks whose fully connected layers mix the
/// places, and those whose last maps are too coarse to show any, are asked: a patch of the input is
/// covered, place by place, and the class's log-probability lost by it is charged to the patch
/// (occlusion sensitivity, Zeiler & Fergus 2014, §4.2).
package struct ClassActivation {
  /// How the maps are found.
  package enum Method: Equatable, Sendable {
    /// From the maps of a node, weighted by the last layer.
    case classActivationMap(node: String)
    /// By covering squares of this many pixels.
    case occlusion(patch: Extent, places: Int)
  }

  /// How the maps are found.
  package let method: Method
  /// Maps of less rows or columns show no place.
  private static let leastMap = 6
  private let network: Network
  private let weights: Weights
  private let threads: Int

  /// Chooses the method that the network's head permits.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: Its tensors; int8 ones are taken for the floats that they stand for.
  ///   - threads: Threads, all cores if nil.
  package init(network: Network, weights: Weights, threads: Int? = nil) {
    self.network = network
    self.weights = weights.inFloat32
    self.threads = threads ?? availableCores
    if let head = network.averagedHead, case let shape = network.shape(of: head.maps),
      min(shape.height, shape.width) >= Self.leastMap
    {
      method = .classActivationMap(node: head.maps)
    } else {
      let places = Self.placesPerSide(network)
      method = .occlusion(
        patch: Extent(
          height: (network.input.height + 4) / 5, width: (network.input.width + 4) / 5),
        places: min(places, network.input.height) * min(places, network.input.width))
    }
  }

  /// As many places as some seconds of a core allow, within what shows a shape.
  private static func placesPerSide(_ network: Network) -> Int {
    let budget = 2.5e11
    return min(28, max(10, Int((budget / Double(max(network.macs, 1))).squareRoot())))
  }

  /// The evidence for classes, place by place.
  ///
  /// - Parameters:
  ///   - classes: Indices of classes.
  ///   - input: One image `[C, H, W]`, prepared.
  ///   - progress: Called with the number of covered places that are done.
  /// - Returns: For each class a map `[H, W]` of the input's size. What is positive speaks for the
  ///   class, what is negative against it.
  /// - Throws: `InferenceError`.
  package func maps(
    for classes: [Int], input: [Float], progress: (Int) -> Void = { _ in }
  ) throws -> [[Float]] {
    for label in classes where !(0..<network.classCount).contains(label) {
      throw InferenceError.labelOutOfRange(label: label, classes: network.classCount)
    }
    switch method {
    case .classActivationMap: return try classActivationMaps(classes, input)
    case .occlusion(let patch, _):
      let occlusion = try Occlusion(
        plan: Plan(
          network: network, weights: weights, threads: threads, batch: Occlusion.batch),
        patch: patch,
        placesPerSide: Self.placesPerSide(network), threads: threads)
      return try occlusion.maps(for: classes, input: input, progress: progress)
    }
  }

  private func classActivationMaps(_ classes: [Int], _ input: [Float]) throws -> [[Float]] {
    guard let head = network.averagedHead else { return [] }
    let values = try FeatureMaps.values(
      of: [head.maps], in: network, weights: weights, input: input, threads: threads)
    let maps = values[head.maps, default: []]
    let shape = network.shape(of: head.maps)
    let area = shape.height * shape.width
    let matrix = head.linear.flatMap { weights[$0, .weight] }?.floats
    return classes.map { label in
      var sum = [Float](repeating: 0, count: area)
      for channel in 0..<shape.channels {
        let weight =
          matrix.map { $0[label * shape.channels + channel] } ?? (channel == label ? 1 : 0)
        guard weight != 0 else { continue }
        for place in 0..<area { sum[place] += weight * maps[channel * area + place] }
      }
      return Bilinear.enlarged(
        sum, height: shape.height, width: shape.width, toHeight: network.input.height,
        toWidth: network.input.width)
    }
  }
}

extension Network {
  /// The maps whose means are the last layer's input, and that layer; or the scores themselves.
  fileprivate var averagedHead: (maps: String, linear: String?)? {
    var name = output
    var linear: String?
    while let node = node(named: name) {
      let input = shape(of: node.inputs[0])
      // Maps that no node makes are the image itself.
      func head(_ maps: String, _ linear: String?) -> (maps: String, linear: String?)? {
        self.node(named: maps) == nil ? nil : (maps, linear)
      }
      if case .linear = node.operation, linear == nil {
        linear = node.name
      } else if case .adaptiveAveragePool(1) = node.operation {
        return head(node.inputs[0], linear)
      } else if case .averagePool(let window) = node.operation, window.covers(input) {
        return head(node.inputs[0], linear)
      } else if !node.operation.traits.computesNothing {
        return nil
      }
      name = node.inputs[0]
    }
    return nil
  }
}

extension NodeOperation.Pooling {
  /// Whether the one window is the whole map.
  fileprivate func covers(_ map: TensorShape) -> Bool {
    padding == 0 && kernelSize.height == map.height && kernelSize.width == map.width
  }
}
