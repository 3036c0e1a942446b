import Foundation
import Testing

private let sample = Checkout.root.appendingPathComponent(".build/release/Classify")
private let binaries = ProcessInfo.processInfo.environment["CNN_BIN"]

@Suite(
  "Linkage of the installed programs",
  .enabled(if: binaries != nil, "CNN_BIN names no folder; Scripts/test.sh installs the programs"))
struct LinkageTests {
  private func libraries(of program: String) throws -> String {
    let path = "\(binaries ?? "")/\(program)"
    return String(decoding: try Checkout.output(of: "ldd", [path]), as: UTF8.self)
  }

  @Test("cnn-infer does not load oneDNN, nor OpenMP")
  func inferWithoutTraining() throws {
    let found = try libraries(of: "cnn-infer")
    #expect(found.contains("libc.so"))
    for foreign in ["libdnnl", "libgomp", "libomp", "libiomp", "libtbb"] {
      #expect(!found.contains(foreign))
    }
  }

  #if os(Linux)
    @Test("cnn-infer starts without the libraries behind libhdf5, nor Unicode's tables")
    func inferStartsLight() throws {
      let found = try libraries(of: "cnn-infer")
      for heavy in ["libhdf5", "libcurl", "libldap", "libgnutls", "libicu"] {
        #expect(!found.contains(heavy))
      }
      let attributes = try FileManager.default.attributesOfItem(
        atPath: "\(binaries ?? "")/cnn-infer")
      // With all of Foundation it has 78 MB.
      #expect((attributes[.size] as? Int ?? .max) < 30_000_000)
    }
  #endif

  @Test(
    "A program that only classifies links neither libhdf5 nor oneDNN",
    .enabled(
      if: FileManager.default.fileExists(atPath: sample.path),
      "Samples/Classify is not built; Scripts/test.sh builds it"))
  func sampleWithoutWriting() throws {
    let found = String(
      decoding: try Checkout.output(of: "ldd", [sample.path]), as: UTF8.self)
    #expect(found.contains("libpng"))
    for foreign in ["libhdf5", "libdnnl", "libgomp"] { #expect(!found.contains(foreign)) }
  }

  @Test("The programs need no Swift run-time library", arguments: ["cnn-infer", "cnn-train"])
  func staticSwift(program: String) throws {
    let found = try libraries(of: program)
    for library in ["libswift", "libFoundation", "libdispatch", "lib_Foundation"] {
      #expect(!found.contains(library))
    }
  }
}
