/// The memory of one run.
struct Frame: @unchecked Sendable {
  let input: UnsafeRawPointer
  let output, arena: UnsafeMutableRawPointer
  let scratch: UnsafeMutablePointer<Float>
  let scratchStride: Int
  /// Scratch memory of all workers.
  let shared: UnsafeMutablePointer<Float>
  /// The first image of the run that steps compute, and the number of them.
  var first, count: Int
  let team: ThreadTeam

  var threads: Int { team.threads }

  /// The floats of a value.
  func read(_ place: Location, image: Int) -> UnsafePointer<Float> {
    readable(place, image).assumingMemoryBound(to: Float.self)
  }

  /// Where the floats of a value go.
  func write(_ place: Location, image: Int) -> UnsafeMutablePointer<Float> {
    writable(place, image).assumingMemoryBound(to: Float.self)
  }

  /// The bytes of a value that has a grid.
  func readBytes(_ place: Location, image: Int) -> UnsafePointer<UInt8> {
    readable(place, image).assumingMemoryBound(to: UInt8.self)
  }

  /// Where the bytes of a value go that has a grid.
  func writeBytes(_ place: Location, image: Int) -> UnsafeMutablePointer<UInt8> {
    writable(place, image).assumingMemoryBound(to: UInt8.self)
  }

  private func readable(_ place: Location, _ image: Int) -> UnsafeRawPointer {
    guard place.space == .input else { return UnsafeRawPointer(writable(place, image)) }
    return input + place.offset(image: first + image)
  }

  private func writable(_ place: Location, _ image: Int) -> UnsafeMutableRawPointer {
    let offset = place.offset(image: first + image)
    switch place.space {
    case .input: preconditionFailure("the input is not written")
    case .output: return output + offset
    case .arena: return arena + offset
    }
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
