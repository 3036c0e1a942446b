/// What a plan's step is, for people and for `benchmark --layers`.
public struct StepInfo: Sendable, Hashable {
  /// The node that it computes, and those fused into it: `conv1+relu1`.
  public let name: String
  /// How: `implicit-gemm f32-gemm-8x48-avx512`.
  public let algorithm: String
  /// Whether its products are of int8 weights.
  public let isInt8: Bool
  /// Multiply–accumulates an image.
  public let macs: Int
  /// Bytes of weights that it reads.
  public let weightBytes: Int
  /// Bytes of activations that it reads and writes for an image.
  public let activationBytes: Int
}

/// One fused operation that writes one value.
protocol Step: Sendable {
  /// Floats of scratch that each worker needs.
  var scratchCount: Int { get }
  /// Floats of scratch that all workers share in runs of up to `images` images.
  func sharedCount(images: Int, threads: Int) -> Int
  /// How it computes.
  var algorithm: String { get }
  /// Whether its products are of int8 weights.
  var isInt8: Bool { get }
  /// Bytes of weights that it reads.
  var weightBytes: Int { get }
  /// Computes the output value of all images.
  func run(_ frame: Frame)
}

extension Step {
  var scratchCount: Int { 0 }
  var isInt8: Bool { false }
  var weightBytes: Int { 0 }
  func sharedCount(images: Int, threads: Int) -> Int { 0 }
}

/// Where the memory of a value lies.
struct Location: Sendable, Hashable {
  enum Space: Sendable, Hashable {
    /// The caller's input.
    case input
    /// The caller's logits.
    case output
    /// The arena, of which every image has its own.
    case arena
  }

  var space: Space
  /// The first float of the value within its image's memory.
  var offset: Int
  /// Floats from one image to the next.
  var imageStride: Int
}

/// The memory of one run.
struct Frame: @unchecked Sendable {
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let arena: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutablePointer<Float>
  let scratchStride: Int
  /// Scratch memory of all workers.
  let shared: UnsafeMutablePointer<Float>
  /// The first image of the run that steps compute, and the number of them.
  var first, count: Int
  let team: ThreadTeam

  var threads: Int { team.threads }

  func read(_ place: Location, image: Int) -> UnsafePointer<Float> {
    guard place.space == .input else { return UnsafePointer(write(place, image: image)) }
    return input + place.offset + (first + image) * place.imageStride
  }

  func write(_ place: Location, image: Int) -> UnsafeMutablePointer<Float> {
    let offset = place.offset + (first + image) * place.imageStride
    switch place.space {
    case .input: preconditionFailure("the input is not written")
    case .output: return output + offset
    case .arena: return arena + offset
    }
  }

  /// The bytes of a value that holds such.
  func readBytes(_ place: Location, image: Int) -> UnsafePointer<UInt8> {
    UnsafeRawPointer(read(place, image: image)).assumingMemoryBound(to: UInt8.self)
  }

  func writeBytes(_ place: Location, image: Int) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(write(place, image: image)).assumingMemoryBound(to: UInt8.self)
  }

  func scratch(_ worker: Int) -> UnsafeMutablePointer<Float> { scratch + worker * scratchStride }

  /// Cuts `items` of `work` elements each, of every image, into tiles that are worth a thread.
  func tiles(
    items: Int, work: Int,
    _ body: @escaping (_ image: Int, _ items: Range<Int>, _ worker: Int) -> Void
  ) {
    let perTile = max(1, min(items, 8192 / max(work, 1)))
    let tiles = (items + perTile - 1) / perTile
    team.parallelFor(tiles: tiles * count) { tile, worker in
      let first = tile % tiles * perTile
      body(tile / tiles, first..<min(items, first + perTile), worker)
    }
  }
}
