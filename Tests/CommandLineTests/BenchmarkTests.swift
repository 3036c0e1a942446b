import Foundation
import Testing

@Suite("cnn-infer benchmark", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct BenchmarkTests {
  private static let keys = [
    "model", "precision", "batch", "threads", "isa", "minMilliseconds", "medianMilliseconds",
    "imagesPerSecond", "gflops",
  ]

  @Test("JSON has the promised keys in their order, and figures that agree with each other")
  func json() throws {
    let result = try Workspace().infer(
      "benchmark", "net.h5", "--json", "--batch-size", "3", "--threads", "2", "--runs", "4")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    let object = try #require(try result.objects().first)
    #expect(try result.objects().count == 1)
    #expect(Set(object.keys) == Set(Self.keys))
    let places = Self.keys.compactMap { result.output.range(of: "\"\($0)\":")?.lowerBound }
    #expect(places == places.sorted() && places.count == Self.keys.count)
    #expect(object["model"] as? String == "lenet")
    #expect(object["precision"] as? String == "fp32")
    #expect(object["batch"] as? Int == 3)
    #expect(object["threads"] as? Int == 2)
    let least = try #require(object["minMilliseconds"] as? Double)
    let median = try #require(object["medianMilliseconds"] as? Double)
    let rate = try #require(object["imagesPerSecond"] as? Double)
    let gflops = try #require(object["gflops"] as? Double)
    #expect(least > 0 && median >= least)
    #expect(abs(rate - 3000 / median) <= 1e-9 * rate)
    // LeNet's multiply–accumulates of three images, two operations each.
    #expect(abs(gflops - 6 * 416_520 / median / 1e6) <= 1e-9 * gflops)
  }

  @Test("Layers come with their algorithm and a share of the measured peak")
  func layers() throws {
    let result = try Workspace().infer(
      "benchmark", "net.h5", "--json", "--layers", "--runs", "3", "--threads", "1")
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(try result.objects().first)
    #expect(Set(object.keys) == Set(Self.keys + ["peak", "layers"]))
    let peak = try #require(object["peak"] as? [String: Double])
    #expect(Set(peak.keys) == ["gflops", "int8Gops", "gigabytesPerSecond"])
    #expect(peak.values.allSatisfy { $0 > 0 })
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(layers.first?["name"] as? String == "conv1")
    for layer in layers {
      #expect(
        Set(layer.keys) == [
          "name", "algorithm", "medianMilliseconds", "gflops", "gigabytesPerSecond", "shareOfPeak",
          "bound",
        ])
      let share = try #require(layer["shareOfPeak"] as? Double)
      let gflops = try #require(layer["gflops"] as? Double)
      let bytes = try #require(layer["gigabytesPerSecond"] as? Double)
      let expected = max(
        gflops / (peak["gflops"] ?? 1), bytes / (peak["gigabytesPerSecond"] ?? 1))
      #expect(abs(share - expected) <= 1e-9 * expected)
      #expect(["arithmetic", "memory"].contains(layer["bound"] as? String))
    }
  }

  @Test("Every convolution is measured by every algorithm, at last by the one that is chosen")
  func convolutions() throws {
    let result = try Workspace().infer("benchmark-convolutions", "net.h5", "--runs", "2")
    #expect(result.status == 0, "\(result.errors)")
    let lines = try result.objects()
    #expect(lines.map { $0["isChosen"] as? Bool } == Array(repeating: false, count: 5) + [true])
    for line in lines {
      let layers = try #require(line["convolutions"] as? [[String: Any]])
      #expect(layers.map { $0["outputChannels"] as? Int } == [6, 16])
      #expect(layers.allSatisfy { ($0["cost"] as? Double ?? 0) > 0 })
      #expect(layers.allSatisfy { ($0["milliseconds"] as? Double ?? 0) > 0 })
    }
    let first = try #require(lines.first?["convolutions"] as? [[String: Any]])
    #expect(first.allSatisfy { $0["outputTile"] as? Int == 0 })
  }

  @Test("The forced instruction set is the one that is measured")
  func instructionSet() throws {
    let workspace = try Workspace()
    let result = try workspace.shell("CNN_ISA=scalar \"$infer\" benchmark net.h5 --layers --runs 2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("lenet, fp32, scalar"))
    #expect(result.output.contains("-scalar"))
    #expect(result.output.contains("\npeak "))
  }

  @Test(
    "What cannot be run is refused in one line",
    arguments: [
      ("--batch-size 65537", 2), ("--runs 0", 2), ("--precision int8", 1),
      ("--batch-size 65536 --runs 1", 1),
    ])
  func refused(flags: String, status: Int32) throws {
    let workspace = try Workspace()
    let line = "ulimit -v 1000000; \"$infer\" benchmark net.h5 \(flags)"
    let result = try workspace.shell(line)
    #expect(result.status == status, "\(result.errors)")
    #expect(!result.isCrash)
    #expect(result.output.isEmpty)
    #expect(result.errorLines.count == 1)
  }
}
