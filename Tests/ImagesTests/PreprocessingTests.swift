import Images
import Networks
import Testing

@Suite("Preprocessing") struct PreprocessingTests {
  @Test("An image of the tensor's size is only scaled")
  func identity() throws {
    let bytes = (0..<28 * 28).map { UInt8(truncatingIfNeeded: $0) }
    let tensor = try Preprocessing(channels: 1, height: 28, width: 28)
      .tensor(of: Image(width: 28, height: 28, gray: bytes))
    #expect(tensor == bytes.map { Float($0) * (1 / 255) })
  }

  @Test("Inverting takes a byte from 255, and comes before compositing")
  func invert() throws {
    let image = Image(
      width: 3, height: 1, color: .gray, hasAlpha: true,
      samples: .bytes([10, 255, 10, 0, 200, 255]))
    let tensor = try Preprocessing(
      channels: 1, height: 1, width: 3, scale: 1, background: [7], invert: true
    ).tensor(of: image)
    #expect(tensor == [245, 7, 55])
  }

  @Test("A 16-bit sample is worth its 257th part of a byte")
  func words() throws {
    let image = Image(width: 3, height: 1, color: .gray, samples: .words([0, 257, 65535]))
    let tensor = try Preprocessing(channels: 1, height: 1, width: 3, scale: 1).tensor(of: image)
    #expect(tensor == [0, 1, 255])
  }

  @Test("Gray fills three channels, and colour becomes luma")
  func channels() throws {
    let gray = try Preprocessing(channels: 3, height: 1, width: 1, scale: 1)
      .tensor(of: Image(width: 1, height: 1, gray: [42]))
    #expect(gray == [42, 42, 42])
    let luma = try Preprocessing(channels: 1, height: 1, width: 1, scale: 1)
      .tensor(of: Image(width: 1, height: 1, rgb: [100, 150, 200]))
    // Three products and two sums, half a unit of 2⁻²⁴ each, of values below 256.
    #expect(abs(luma[0] - 140.75) <= 5 * 256 * 0x1p-24)
  }

  @Test("The longest sides that are allowed are prepared in little memory")
  func extremes() throws {
    let side = Image.largestSide
    let preprocessing = Preprocessing(channels: 1, height: 4, width: 4, scale: 1)
    let tall = Image(width: 1, height: side, gray: Array(repeating: 9, count: side))
    let wide = Image(width: side, height: 1, gray: Array(repeating: 9, count: side))
    // Weights of 2·10⁶/4 taps sum to 1 within half a unit each.
    let tolerance: Float = 9 * 500_000 * 0x1p-24
    for image in [tall, wide] {
      for resize in Preprocessing.Resize.allCases {
        var chosen = preprocessing
        chosen.resize = resize
        let tensor = try chosen.tensor(of: image)
        #expect(tensor.allSatisfy { abs($0 - 9) <= tolerance })
      }
    }
  }

  private static let meaningless: [(String, Preprocessing)] = {
    func make(_ change: (inout Preprocessing) -> Void) -> Preprocessing {
      var preprocessing = Preprocessing(channels: 1, height: 8, width: 8)
      change(&preprocessing)
      return preprocessing
    }
    return [
      ("channels", make { $0.channels = 2 }), ("height", make { $0.height = 0 }),
      ("width", make { $0.width = 1 << 40 }), ("scale", make { $0.scale = .nan }),
      ("scale", make { $0.scale = 0 }), ("mean", make { $0.mean = [] }),
      ("mean", make { $0.mean = [.infinity] }), ("std", make { $0.std = [0] }),
      ("std", make { $0.std = [1, 1] }), ("background", make { $0.background = [.nan] }),
      (
        "resize_shorter_side",
        make { ($0.resize, $0.resizeShorterSide) = (.centerCrop, -1) }
      ),
    ]
  }()

  @Test("What has no meaning is refused by the name of its attribute", arguments: meaningless)
  func invalid(attribute: String, preprocessing: Preprocessing) {
    let error = #expect(throws: NetworkError.self) { try PreprocessingPlan(preprocessing) }
    guard case .invalidPreprocessing(let named, _, _)? = error, named == attribute else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
