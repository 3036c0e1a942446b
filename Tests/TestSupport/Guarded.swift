import Glibc

/// Which end of guarded memory lies next to its page.
public enum GuardSide: CaseIterable, Sendable {
  /// The first number follows it, or it follows the last.
  case before, after
}

/// Numbers between two pages that may not be touched: the first byte after them, or the last before
/// them, is one of such a page, so that a read or write out of bounds ends the test process.
public final class Guarded<Element: BitwiseCopyable & ExpressibleByIntegerLiteral> {
  /// Which end lies next to the page.
  public typealias Side = GuardSide

  /// The first number.
  public let address: UnsafeMutablePointer<Element>
  /// The number of numbers.
  public let count: Int
  private let pages: UnsafeMutableRawPointer
  private let length: Int

  /// A copy of values next to the guard page of `side`.
  public init(_ values: [Element], _ side: Side = .after) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let bytes = max(values.count, 1) * MemoryLayout<Element>.stride
    let middle = (bytes + page - 1) / page * page
    length = middle + 2 * page
    guard
      let pages = mmap(
        nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      pages != MAP_FAILED
    else { preconditionFailure("mmap of \(length) bytes failed") }
    self.pages = pages
    let protected =
      mprotect(pages, page, PROT_NONE) | mprotect(pages + page + middle, page, PROT_NONE)
    precondition(protected == 0)
    let first = side == .before ? pages + page : pages + page + middle - bytes
    address = first.bindMemory(to: Element.self, capacity: values.count)
    count = values.count
    for (index, value) in values.enumerated() { address[index] = value }
  }

  /// Zeros next to the guard page of `side`.
  public convenience init(zeros count: Int, _ side: Side = .after) {
    self.init(Array(repeating: 0, count: count), side)
  }

  /// A copy of what it holds.
  public var values: [Element] { (0..<count).map { address[$0] } }

  deinit { munmap(pages, length) }
}

/// Guarded floats.
public typealias GuardedFloats = Guarded<Float>
