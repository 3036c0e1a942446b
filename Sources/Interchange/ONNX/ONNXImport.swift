import Files
import Tensors

/// Reads ONNX files that this program wrote, and others whose initialisers bear a network's names.
public enum ONNXImport {
  /// Reads a file's initialisers onto the network that its metadata names, or a given one.
  ///
  /// - Parameters:
  ///   - path: The file; external data lies beside it.
  ///   - options: The network, where the file was not written by this program, and what replaces
  ///     the file's own words.
  /// - Returns: The checkpoint; a quantised one's biases are what its int32 say.
  /// - Throws: `InterchangeError` for a damaged file or one that does not fit, `NetworkError` for a
  ///   network that means nothing.
  public static func read(_ path: String, options: ImportOptions = .init()) throws -> Imported {
    try ONNXModel(ByteSource(path: path)).checkpoint(options)
  }
}

extension ONNXModel {
  /// A checkpoint of the network's initialisers.
  package func checkpoint(_ options: ImportOptions) throws -> Imported {
    let metadata = Metadata(pairs: metadata, path: source.path)
    guard let network = try options.network ?? metadata.network() else {
      throw InterchangeError.noNetwork(path: source.path)
    }
    // The graph's own constants (means, pads, grids) are no parameters: the network makes them.
    let keys = Set(network.parameters.flatMap { [$0.key, "\($0.key)_scale"] })
    var files: [String: ByteSource] = [:]
    var stored: [String: StoredTensor] = [:]
    for tensor in graph.tensors where keys.contains(tensor.name) || !isOwnConstant(tensor.name) {
      stored[tensor.name] = try locate(tensor, &files)
    }
    let biases = try takeIntegerBiases(of: network.parameters.map(\.key), &stored)
    let dict = StateDict(path: source.path, tensors: stored, metadata: metadata)
    return try dict.checkpoint(options, integerBiases: biases)
  }

  /// The tensors in the file's order, nil for those whose values are not raw data.
  func storedTensors() throws -> [StoredTensor?] {
    var files: [String: ByteSource] = [:]
    return try graph.tensors.map { tensor in
      let isKnown = ONNXElement(rawValue: tensor.type)?.element != nil
      guard isKnown, tensor.raw != nil || tensor.external != nil else { return nil }
      return try locate(tensor, &files)
    }
  }

  /// Whether a name is one that the exporter makes beside parameters.
  private func isOwnConstant(_ name: String) -> Bool {
    name.contains("/") || name.hasSuffix("_zero_point")
  }

  private func locate(
    _ tensor: ONNXTensor, _ files: inout [String: ByteSource]
  ) throws -> StoredTensor {
    guard let element = ONNXElement(rawValue: tensor.type)?.element else {
      throw InterchangeError.unsupportedElement(
        path: source.path, tensor: tensor.name, element: tensor.elementName)
    }
    if let external = tensor.external {
      return try locate(tensor, element, external, &files)
    }
    guard let range = tensor.raw else { throw fault(.notRaw(tensor: tensor.name)) }
    return StoredTensor(
      name: tensor.name, shape: tensor.shape, element: element, source: source, range: range)
  }

  /// Data beside the model, under a plain name and no link, so that no file elsewhere is opened.
  private func locate(
    _ tensor: ONNXTensor, _ element: StoredElement, _ place: [String: String],
    _ files: inout [String: ByteSource]
  ) throws -> StoredTensor {
    func refuse(_ detail: String) -> InterchangeError {
      fault(.externalData(tensor: tensor.name, detail: detail))
    }
    guard let name = place["location"], !name.isEmpty, name != ".", name != "..",
      !name.unicodeScalars.contains(where: { $0 == "/" || $0.value == 0 })
    else { throw refuse("its place is no plain file name") }
    let file: ByteSource
    if let open = files[name] {
      file = open
    } else {
      let folder = FileWriter.folder(of: source.path)
      file = try ByteSource(path: "\(folder)/\(name)", followingLinks: false)
      files[name] = file
    }
    guard let expected = element.byteCount(of: tensor.shape),
      let offset = Int(place["offset"] ?? "0"), offset >= 0, offset <= file.count,
      expected <= file.count - offset, place["length"].map({ Int($0) == expected }) ?? true
    else { throw refuse("its bytes are not inside of \(name.quoted)") }
    return StoredTensor(
      name: tensor.name, shape: tensor.shape, element: element, source: file,
      range: offset..<offset + expected)
  }

  /// Takes out the int32 biases of a quantised graph, as the floats that they stand for.
  private func takeIntegerBiases(
    of keys: [String], _ stored: inout [String: StoredTensor]
  ) throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for key in keys where stored[key]?.element == .int32 {
      guard let bias = stored[key], let scale = stored.removeValue(forKey: "\(key)_scale"),
        scale.shape == bias.shape
      else { continue }
      let scales = try scale.floats().floats
      let values = zip(try bias.integers(), scales).map { Float($0) * $1 }
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw InterchangeError.notFinite(path: source.path, tensor: key, index: index)
      }
      result[key] = Tensor(shape: bias.shape, values)
    }
    return result
  }

  private func fault(_ fault: ONNXFault) -> InterchangeError {
    .onnx(path: source.path, fault)
  }
}
