extension Variant {
  /// The variants as a table with a heading, for a terminal: name, input, classes, trained
  /// parameters, multiply–accumulates of one image, year, and what each introduced.
  ///
  /// - Parameter variants: The rows, in order.
  /// - Returns: Lines without an end of line after the last.
  /// - Throws: `NetworkError`, never for the variants of `Variant.all`.
  public static func table(_ variants: [Variant] = all) throws -> String {
    let heading = ["name", "input", "classes", "parameters", "MACs", "year", "introduced"]
    let rows = try variants.map { variant in
      let network = try variant.network()
      return [
        variant.name, "\(network.input)", "\(network.classCount)", network.parameterCount.grouped,
        network.macs.grouped, "\(variant.year)", variant.introduced,
      ]
    }
    return TextTable([heading] + rows, numeric: [2, 3, 4]).description
  }
}
