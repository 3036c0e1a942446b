import Networks
import Tensors

extension CheckpointReader {
  /// The `/preprocessing` group; an import derives it from the network where it is absent.
  func preprocessing(of network: Network, _ root: Place, _ children: [String: Bool]) throws
    -> Preprocessing
  {
    let input = network.input
    var result = Preprocessing(
      channels: input.channels, height: input.height, width: input.width)
    if isImport, children["preprocessing"] == nil { return result }
    let place = try group("preprocessing", in: root, among: children)
    try refuseOthers(than: [], in: place, among: self.children(of: place))
    func whole(_ name: String, _ fallback: Int) throws -> Int {
      try required(integer(name, of: place, in: 1...1 << 20), name, of: place, else: fallback)
    }
    result.channels = try whole("channels", result.channels)
    result.height = try whole("height", result.height)
    result.width = try whole("width", result.width)
    // The channels say how long the lists below must be.
    try result.checkShape(of: network, path: path)
    func list(_ name: String, _ fallback: [Float]) throws -> [Float] {
      try required(
        floats(name, of: place, shape: [result.channels]), name, of: place, else: fallback)
    }
    result.scale = try required(floats("scale", of: place)?[0], "scale", of: place, else: 1 / 255)
    result.mean = try list("mean", result.mean)
    result.std = try list("std", result.std)
    result.background = try list("background", result.background)
    result.resizeShorterSide = try whole("resize_shorter_side", result.resizeShorterSide)
    result.invert =
      try required(integer("invert", of: place, in: 0...1), "invert", of: place, else: 0) == 1
    result.resize = try resize(place)
    return result
  }

  private func resize(_ place: Place) throws -> Preprocessing.Resize {
    let name = try required(text("resize", of: place), "resize", of: place, else: "stretch")
    guard let resize = Preprocessing.Resize(rawValue: name) else {
      throw CheckpointError.invalidAttribute(
        path: path, object: place.path, name: "resize",
        problem: "is '\(name)', not "
          + Preprocessing.Resize.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return resize
  }

  /// The `/quantization` group, nil where there is none.
  func quantization(_ root: Place, _ children: [String: Bool]) throws -> Quantization? {
    guard children["quantization"] != nil else { return nil }
    let place = try group("quantization", in: root, among: children)
    var result = Quantization(
      method: try required(text("method", of: place), "method", of: place),
      samples: try required(
        integer("samples", of: place, in: 0...Int.max), "samples", of: place),
      activations: [:])
    let groups = try self.children(of: place)
    for name in groups.keys.sorted() {
      let value = try group(name, in: place, among: groups)
      try refuseOthers(than: [], in: value, among: self.children(of: value))
      let scale = try required(floats("scale", of: value)?[0], "scale", of: value)
      let zero = try required(
        integer("zero_point", of: value, in: 0...255), "zero_point", of: value)
      result.activations[name] = Quantization.Activation(scale: scale, zeroPoint: UInt8(zero))
    }
    return result
  }

  /// The `/training` group, nil where there is none.
  func training(_ root: Place, _ children: [String: Bool], _ options: Checkpoint.ReadingOptions)
    throws -> TrainingRecord?
  {
    guard children["training"] != nil else { return nil }
    let place = try group("training", in: root, among: children)
    func count(_ name: String) throws -> Int {
      try required(integer(name, of: place, in: 0...Int.max), name, of: place)
    }
    var record = TrainingRecord(
      epoch: try count("epoch"), step: try count("step"),
      seed: try required(unsigned("seed", of: place), "seed", of: place),
      recipe: try required(text("recipe", of: place), "recipe", of: place),
      progress: try text("progress", of: place))
    let groups = try self.children(of: place)
    try refuseOthers(than: ["history", "optimizer"], in: place, among: groups)
    if groups["history"] != nil {
      record.history = try history(group("history", in: place, among: groups))
    }
    if options.contains(.trainingState), groups["optimizer"] != nil {
      record.optimizer = try optimizer(group("optimizer", in: place, among: groups))
    }
    return record
  }

  /// One dataset of float64 a column, in the order of the group's `columns`.
  private func history(_ place: Place) throws -> [HistoryColumn] {
    let datasets = try children(of: place)
    let order = try text("columns", of: place)?.split(separator: ",").map(String.init) ?? []
    let named = order.filter { datasets[$0] != nil }
    let names = Set(named).count == named.count ? named : []
    let rest = datasets.keys.filter { !names.contains($0) }.sorted()
    var columns: [HistoryColumn] = []
    for name in names + rest {
      let dataset = try dataset(name, in: place, among: datasets)
      let values = try doubles(dataset, place.path(of: name), shape: columns.first?.values.count)
      columns.append(HistoryColumn(name: name, values: values))
    }
    return columns
  }

  private func doubles(_ dataset: any DatasetSource, _ object: String, shape: Int?) throws
    -> [Double]
  {
    try reading(object) {
      let storage = try checkedStorage(dataset, object)
      let type = try dataset.type
      guard type == .float64 else {
        if type == HDF5Type.float64.swapped {
          throw CheckpointError.wrongByteOrder(path: path, object: object)
        }
        throw CheckpointError.wrongType(
          path: path, object: object, expected: "float64", found: type.summary)
      }
      let place = try locate(dataset, object, storage, type, shape: shape.map { [$0] })
      guard let count = place.shape.first, place.shape.count == 1 else {
        throw CheckpointError.wrongRank(
          path: path, object: object, expected: [0], found: place.shape)
      }
      guard let offset = place.offset, count <= CheckpointFormat.epochLimit else {
        throw CheckpointError.refusedStorage(path: path, object: object, kind: "chunks")
      }
      return (0..<count).map {
        bytes.loadUnaligned(fromByteOffset: offset + $0 * 8, as: Double.self)
      }
    }
  }

  /// Every tensor of `optimizer/<node>/<name>`.
  private func optimizer(_ place: Place) throws -> [String: [String: Tensor]] {
    let groups = try children(of: place)
    var result: [String: [String: Tensor]] = [:]
    for node in groups.keys.sorted() {
      let group = try group(node, in: place, among: groups)
      let datasets = try children(of: group)
      for name in datasets.keys.sorted() {
        let dataset = try dataset(name, in: group, among: datasets)
        result[node, default: [:]][name] = try tensor(
          dataset, group.path(of: name), shape: nil, of: [.float32, .int8])
      }
    }
    return result
  }
}
