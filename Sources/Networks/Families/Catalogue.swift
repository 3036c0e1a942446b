/// A network of the literature that the programs know by name.
public struct Variant: Sendable {
  /// The name on the command line.
  public let name: String
  /// The year of the paper.
  public let year: Int
  /// One line of what it introduced.
  public let introduced: String
  private let build: @Sendable () throws -> Network

  init(
    _ name: String, year: Int, introduced: String, build: @escaping @Sendable () throws -> Network
  ) {
    self.name = name
    self.year = year
    self.introduced = introduced
    self.build = build
  }

  /// The network at the variant's own input size and number of classes.
  ///
  /// - Returns: The network.
  /// - Throws: `NetworkError`, never for a variant of this list.
  public func network() throws -> Network { try build() }

  /// Every variant, in the order of the papers' years.
  public static let all: [Variant] =
    ([lenet] + alexNets + [nin] + vggs + googLeNets + resNets + denseNets)
    .sorted { $0.year < $1.year }

  /// The variant of a name.
  ///
  /// - Parameter name: A variant's name.
  /// - Returns: The variant.
  /// - Throws: `NetworkError.unknownModel`, which lists the names.
  public static func named(_ name: String) throws -> Variant {
    guard let variant = all.first(where: { $0.name == name }) else {
      throw NetworkError.unknownModel(name: name, known: all.map(\.name))
    }
    return variant
  }
}
