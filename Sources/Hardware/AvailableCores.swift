#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The number of cores that this process may use: its affinity mask where there is one
/// (`taskset`, a container's set of cores), else those that are online.
///
/// At least 1; read once.
package let availableCores =
  allowedCores(inStatus: "/proc/self/status") ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// The bits of `Cpus_allowed`, hexadecimal words between commas: proc(5). Swift does not see
/// `sched_getaffinity`, which glibc declares for `_GNU_SOURCE` only.
package func allowedCores(inStatus path: String) -> Int? {
  let mask = SystemFile.value(of: "Cpus_allowed", in: path, separator: ":") ?? ""
  let count = mask.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
  return count > 0 ? count : nil
}
