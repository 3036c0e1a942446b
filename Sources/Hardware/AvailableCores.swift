#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The number of cores that this process may use: its affinity mask where there is one
/// (`taskset`, a container's set of cores), else those that are online.
/// At least 1; read once.
package let availableCores =
  allowedCores(inStatus: "/proc/self/status") ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// The bits of `Cpus_allowed`, hexadecimal words between commas: proc(5). Swift does not see
/// `sched_getaffinity`, which glibc declares for `_GNU_SOURCE` only.
package func allowedCores(inStatus path: String) -> Int? {
  guard let file = fopen(path, "re") else { return nil }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 4096)
  while fgets(&line, Int32(line.count), file) != nil {
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard text.hasPrefix("Cpus_allowed:") else { continue }
    let count = text.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
      .reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? count : nil
  }
  return nil
}
