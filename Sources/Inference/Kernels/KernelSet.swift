/// The best kernels for one instruction set.
struct KernelSet: Sendable {
  struct GEMM: Sendable {
    let name: String
    let run: Kernel.GEMM
    let rows, columns, lanes: Int
  }

  let isa: ISA
  /// The best first.
  private let usable: [Kernel]
  let gemm: GEMM
  let dotName: String
  /// Nil where there are no vectors.
  let winograd: Kernel.Winograd?
  let winogradName: String
  let im2col: Kernel.Im2col
  let dot: Kernel.Dot
  /// The best first.
  private let convolutions8: [(name: String, kernel: Kernel.Convolution8)]
  let dot8: Kernel.Dot8
  let dot8Name: String
  /// Nil where many vectors are not worth a kernel of their own.
  let product8: Kernel.Product8?
  let product8Name: String?
  let maps8: Kernel.Maps8

  /// Chooses from `Kernel.all`, which has a scalar kernel of every function.
  init(_ isa: ISA) {
    let usable = isa.fallbacks.flatMap { isa in Kernel.all.filter { $0.isa == isa } }
    func first<Value>(_ match: (Kernel) -> Value?) -> Value? { Self.first(of: usable, match) }
    func best<Value>(_ match: (Kernel) -> Value?) -> Value { Self.best(of: usable, match) }
    self.usable = usable
    self.isa = isa
    gemm = best {
      guard case .gemm(let run, let rows, let columns, let lanes) = $0.function else { return nil }
      return GEMM(name: $0.name, run: run, rows: rows, columns: columns, lanes: lanes)
    }
    (dotName, dot) = best {
      if case .dot(let run, _, _) = $0.function { ($0.name, run) } else { nil }
    }
    let filtering = first {
      if case .winograd(let kernels) = $0.function { ($0.name, kernels) } else { nil }
    }
    (winogradName, winograd) = (filtering?.0 ?? "", filtering?.1)
    im2col = best { if case .im2col(let run) = $0.function { run } else { nil } }
    convolutions8 = usable.compactMap {
      if case .convolution8(let kernel) = $0.function { ($0.name, kernel) } else { nil }
    }
    (dot8Name, dot8) = best {
      if case .dot8(let run, _, _) = $0.function { ($0.name, run) } else { nil }
    }
    let product = first {
      if case .product8(let kernel) = $0.function { ($0.name, kernel) } else { nil }
    }
    (product8Name, product8) = (product?.0, product?.1)
    maps8 = best { if case .maps8(let maps) = $0.function { maps } else { nil } }
  }

  /// The best kernel of a function that only one operation has.
  ///
  /// - Parameter match: Takes the function's code from its case.
  /// - Returns: The code.
  func best<Value>(_ match: (Kernel.Function) -> Value?) -> Value {
    Self.best(of: usable) { match($0.function) }
  }

  private static func best<Value>(of kernels: [Kernel], _ match: (Kernel) -> Value?) -> Value {
    guard let value = first(of: kernels, match) else { preconditionFailure("no scalar kernel") }
    return value
  }

  private static func first<Value>(of kernels: [Kernel], _ match: (Kernel) -> Value?) -> Value? {
    for kernel in kernels { if let value = match(kernel) { return value } }
    return nil
  }

  /// The best kernel of int8 convolutions whose windows consist of runs of `length` elements: one of
  /// long steps is left to windows that fill an eighth of them.
  func convolution8(runLength length: Int) -> (name: String, kernel: Kernel.Convolution8) {
    let fitting = convolutions8.first {
      $0.kernel.steps(runLength: length) * $0.kernel.step <= 8 * length
    }
    guard let found = fitting ?? convolutions8.last else { preconditionFailure("no scalar kernel") }
    return found
  }
}
