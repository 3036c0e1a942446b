import Foundation

/// A C file of `CKernels`, named type-operation-tile-ISA.
struct KernelFile: Sendable, CustomStringConvertible {
  static let folders = ["f32", "int8", "train"]

  /// Every file that is in a folder of kernels, whatever its name.
  static let all: [KernelFile] = folders.flatMap { folder in
    names(in: folder).filter { $0.hasSuffix(".c") }.map {
      KernelFile(folder: folder, name: String($0.dropLast(2)))
    }
  }

  let folder: String
  /// Without its extension.
  let name: String

  var description: String { "\(folder)/\(name).c" }

  /// The names in a folder of `CKernels`.
  static func names(in folder: String) -> [String] {
    let url = Checkout.root.appendingPathComponent("Sources/CKernels/\(folder)")
    return ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }

  /// What its functions are called; nil for a file that is not named by the scheme.
  var functionPattern: String? {
    let scheme =
      #/(f32|bf16|u8|s8|u32)-([a-z][a-z0-9]*(?:-[a-z]+)*?)(?:-(\d+(?:x\d+)?))?-([a-z]+[a-z0-9]*)/#
    guard let parts = name.wholeMatch(of: scheme)?.output,
      ["scalar", "avx2", "avx512", "avx512vnni", "avx512amx", "neon", "wide"].contains(parts.4)
    else { return nil }
    let operation = parts.2.replacingOccurrences(of: "-", with: "_")
    return "cnn_\(parts.1)_\(operation)(_[a-z_]+)?" + (parts.3.map { "_\($0)" } ?? "")
      + "_\(parts.4)"
  }

  /// The functions that it defines for others, as the preprocessor leaves them.
  func functions() throws -> [String] {
    let text = try preprocessed()
    // A definition's parameters are followed by its body; what is `static` is of a header.
    let definition = #/(?m)^(?:(?!static).)*?\b(cnn_[a-z0-9_]+)\([^;{}()]*\)\s*\{/#
    return text.matches(of: definition).map { String($0.output.1) }
  }

  /// Its text and that of the package's headers, without the system's.
  private func preprocessed() throws -> String {
    let target = name.hasSuffix("-neon") ? "aarch64-none-elf" : "x86_64-none-elf"
    // The compiler that comes with Swift.
    let clang = #"exec "$(dirname "$(readlink -f "$(command -v swift)")")/clang" "$@""#
    let output = try Checkout.output(
      of: "bash",
      [
        "-c", clang, "clang", "-E", "--target=\(target)", "-ffreestanding",
        "-ISources/CKernels/include", "Sources/CKernels/\(self)",
      ])
    var isOurs = false
    var lines: [Substring] = []
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("# ") {
        isOurs = line.contains("Sources/CKernels")
      } else if isOurs {
        lines.append(line)
      }
    }
    return lines.joined(separator: "\n")
  }
}
