internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What a run runs on, as far as it tells.
struct Machine {
  /// Names and values, in the order of the page.
  let facts: [(name: String, value: String)]

  init(threads: Int) {
    var facts: [(String, String)] = []
    if let model = Self.value(of: "model name", in: "/proc/cpuinfo", separator: ":") {
      facts.append(("processor", model))
    }
    facts.append(("cores online", "\(ProcessInfo.processInfo.processorCount)"))
    facts.append(("threads", "\(threads)"))
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / 1e9
    facts.append(("memory", String(format: "%.1f GB", memory)))
    if let system = Self.value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") {
      facts.append(("system", system.trimmingCharacters(in: ["\""])))
    }
    facts.append(("oneDNN", OneDNN.version))
    self.facts = facts
  }

  private static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1)
      guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key else { continue }
      return parts[1].trimmingCharacters(in: .whitespaces)
    }
    return nil
  }
}
