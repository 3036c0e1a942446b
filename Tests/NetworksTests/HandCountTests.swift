import Networks
import Testing

/// Parameter counts worked out by hand from the definitions, term by term.
@Suite("Parameter counts by hand") struct HandCountTests {
  /// Weights and biases of a convolution.
  private static func conv(_ inputs: Int, _ outputs: Int, _ kernel: Int) -> Int {
    inputs * outputs * kernel * kernel + outputs
  }

  private static func linear(_ inputs: Int, _ outputs: Int) -> Int { inputs * outputs + outputs }

  private func count(_ name: String) throws -> Int {
    try Variant.named(name).network().parameterCount
  }

  @Test("LeNet: 156 + 2,416 + 48,120 + 10,164 + 850")
  func lenet() throws {
    let terms = [
      Self.conv(1, 6, 5), Self.conv(6, 16, 5), Self.linear(16 * 5 * 5, 120),
      Self.linear(120, 84), Self.linear(84, 10),
    ]
    #expect(terms == [156, 2_416, 48_120, 10_164, 850])
    #expect(try count("lenet") == 61_706)
    #expect(terms.reduce(0, +) == 61_706)
  }

  @Test("AlexNet: five convolutions, 6400 → 4096 → 4096 → 10")
  func alexnet() throws {
    let terms = [
      Self.conv(1, 96, 11), Self.conv(96, 256, 5), Self.conv(256, 384, 3), Self.conv(384, 384, 3),
      Self.conv(384, 256, 3), Self.linear(256 * 5 * 5, 4096), Self.linear(4096, 4096),
      Self.linear(4096, 10),
    ]
    #expect(
      terms == [11_712, 614_656, 885_120, 1_327_488, 884_992, 26_218_496, 16_781_312, 40_970])
    #expect(terms.reduce(0, +) == 46_764_746)
    #expect(try count("alexnet") == 46_764_746)
    // Two more input channels at conv1 and 990 more classes.
    #expect(try count("alexnet-imagenet") == 46_764_746 + 2 * 96 * 121 + 990 * 4097)
  }

  @Test("VGG-11 small: channels a quarter, 6272 → 4096 → 4096 → 10")
  func vggSmall() throws {
    let channels = [1, 16, 32, 64, 64, 128, 128, 128, 128]
    let stacks = zip(channels, channels.dropFirst()).map { Self.conv($0, $1, 3) }
    #expect(stacks == [160, 4_640, 18_496, 36_928, 73_856, 147_584, 147_584, 147_584])
    let head =
      Self.linear(128 * 7 * 7, 4096) + Self.linear(4096, 4096) + Self.linear(4096, 10)
    #expect(try count("vgg11-small") == stacks.reduce(head, +))
  }

  @Test("NiN: four blocks of a convolution and two 1×1")
  func nin() throws {
    func block(_ inputs: Int, _ outputs: Int, _ kernel: Int) -> Int {
      Self.conv(inputs, outputs, kernel) + 2 * Self.conv(outputs, outputs, 1)
    }
    let blocks = [block(1, 96, 11), block(96, 256, 5), block(256, 384, 3), block(384, 10, 3)]
    #expect(blocks == [30_336, 746_240, 1_180_800, 34_790])
    #expect(try count("nin") == blocks.reduce(0, +))
  }

  @Test("GoogLeNet: stem, nine Inception modules, 1024 → 10")
  func googlenet() throws {
    func module(
      _ inputs: Int, _ one: Int, _ three: (Int, Int), _ five: (Int, Int), _ pool: Int
    ) -> Int {
      Self.conv(inputs, one, 1) + Self.conv(inputs, three.0, 1) + Self.conv(three.0, three.1, 3)
        + Self.conv(inputs, five.0, 1) + Self.conv(five.0, five.1, 5) + Self.conv(inputs, pool, 1)
    }
    let stem = Self.conv(1, 64, 7) + Self.conv(64, 64, 1) + Self.conv(64, 192, 3)
    let modules = [
      module(192, 64, (96, 128), (16, 32), 32), module(256, 128, (128, 192), (32, 96), 64),
      module(480, 192, (96, 208), (16, 48), 64), module(512, 160, (112, 224), (24, 64), 64),
      module(512, 128, (128, 256), (24, 64), 64), module(512, 112, (144, 288), (32, 64), 64),
      module(528, 256, (160, 320), (32, 128), 128), module(832, 256, (160, 320), (32, 128), 128),
      module(832, 384, (192, 384), (48, 128), 128),
    ]
    #expect(stem == 3_200 + 4_160 + 110_784)
    // Module 3a: 12,352 + 18,528 + 110,720 + 3,088 + 12,832 + 6,176.
    #expect(modules[0] == 163_696)
    #expect(try count("googlenet") == modules.reduce(stem, +) + Self.linear(1024, 10))
  }

  @Test("ResNet-18 for gray and ten classes: the published count less two channels and 990 classes")
  func resnet18() throws {
    #expect(try count("resnet18") == 11_689_512 - 2 * 64 * 49 - 990 * 513)
  }

  @Test("DenseNet of the course notes: four blocks of four layers, growth 32")
  func densenet() throws {
    var total = 64 * 49 + 2 * 64
    var channels = 64
    for block in 1...4 {
      for _ in 1...4 {
        total += 2 * channels + channels * 32 * 9
        channels += 32
      }
      if block < 4 {
        total += 2 * channels + channels * (channels / 2)
        channels /= 2
      }
    }
    #expect(channels == 248)
    #expect(try count("densenet") == total + 2 * 248 + 248 * 10 + 10)
  }

  @Test("Multiply–accumulates of AlexNet's convolutions and linear layers, worked out by hand")
  func macs() throws {
    let network = try Variant.named("alexnet").network()
    let convolutions = [
      54 * 54 * 96 * 121, 26 * 26 * 256 * 96 * 25, 12 * 12 * 384 * 256 * 9,
      12 * 12 * 384 * 384 * 9, 12 * 12 * 256 * 384 * 9,
    ]
    let linears = [6400 * 4096, 4096 * 4096, 4096 * 10]
    let found = network.nodes.map(network.macs).filter { $0 > 0 }
    #expect(found == convolutions + linears)
    #expect(network.macs == (convolutions + linears).reduce(0, +))
    #expect(convolutions.reduce(0, +) == 895_113_600)
  }
}
