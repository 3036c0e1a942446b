extension Formula {
  static let dropout = Formula(
    value: { $0.x },
    quantized: {
      let (x, grid, shape) = $0.input
      return .numbers(x, grid, shape)
    })
}
