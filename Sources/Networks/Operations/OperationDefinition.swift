/// The facts about one operation that do not depend on who computes it: attributes and their JSON,
/// shapes, parameters, cost and traits. Each operation has one conforming type in a file of its own.
package protocol OperationDefinition: Hashable, Sendable {
  /// The case of `NodeOperation.Kind`.
  static var kind: NodeOperation.Kind { get }
  /// The keys of its attributes in a network's JSON.
  static var keys: [OperationKey] { get }
  /// How many inputs it takes; one unless it says otherwise.
  static var inputCount: ClosedRange<Int> { get }
  /// What engines may do with it; nothing unless it says otherwise.
  static var traits: OperationTraits { get }

  /// Reads the attributes of a node's JSON; a missing one takes its default.
  ///
  /// - Parameter container: The node's object.
  /// - Throws: `DecodingError` where an attribute is missing or of another type.
  init(from container: KeyedDecodingContainer<OperationKey>) throws

  /// The case of `NodeOperation` that has these attributes.
  var operation: NodeOperation { get }

  /// Writes every attribute into a node's JSON.
  ///
  /// - Parameter container: The node's object.
  /// - Throws: What the encoder throws.
  func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws

  /// Refuses attributes that no network can mean.
  ///
  /// - Parameter check: The rules, for the node at hand.
  /// - Throws: `NetworkError.invalidAttribute`.
  func checkAttributes(_ check: AttributeCheck) throws

  /// The output's shape; `NodeOperation.outputShape` checks the attributes and the number of inputs
  /// before, and the size of the result after.
  ///
  /// - Parameters:
  ///   - inputs: As many shapes as `inputCount` allows.
  ///   - node: The node's name, for messages.
  /// - Returns: The shape of the output.
  /// - Throws: `NetworkError` where the shapes do not fit.
  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape

  /// The shapes of its parameters, the weight first; none unless it says otherwise.
  ///
  /// - Parameter input: The first input's shape.
  /// - Returns: A shape for each role.
  func parameters(input: TensorShape) -> [(role: Parameter.Role, shape: [Int])]

  /// Multiply–accumulates per image; none unless it says otherwise.
  ///
  /// - Parameters:
  ///   - input: The first input's shape.
  ///   - output: The output's shape.
  /// - Returns: Output positions × weights.
  func macs(input: TensorShape, output: TensorShape) -> Int
}

extension OperationDefinition {
  package static var keys: [OperationKey] { [] }
  package static var inputCount: ClosedRange<Int> { 1...1 }
  package static var traits: OperationTraits { [] }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {}

  package func checkAttributes(_ check: AttributeCheck) throws {}

  package func parameters(input: TensorShape) -> [(role: Parameter.Role, shape: [Int])] { [] }

  package func macs(input: TensorShape, output: TensorShape) -> Int { 0 }
}

/// What engines may do with an operation.
package struct OperationTraits: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// A product with a weight matrix, which int8 computes: its weight may be stored as int8.
  package static let hasInt8Weights = OperationTraits(rawValue: 1 << 0)
  /// Each output element depends on the input element at its place alone (and on its channel), so
  /// that it may overwrite its input.
  package static let mayRunInPlace = OperationTraits(rawValue: 1 << 1)
  /// Each output element is an input element or 0, so that the output keeps its input's
  /// quantisation parameters unless it has its own.
  package static let keepsGrid = OperationTraits(rawValue: 1 << 2)
  /// The identity in inference: its value is its input's.
  package static let isTrainingOnly = OperationTraits(rawValue: 1 << 3)
  /// Changes the shape and no element.
  package static let isReshape = OperationTraits(rawValue: 1 << 4)
  /// Its last computation can clamp the result, so that a ReLU after it costs nothing.
  package static let canEndInClamp = OperationTraits(rawValue: 1 << 5)

  /// Whether inference computes nothing: the value is its input's, perhaps under another shape.
  package var computesNothing: Bool { contains(.isTrainingOnly) || contains(.isReshape) }
}
