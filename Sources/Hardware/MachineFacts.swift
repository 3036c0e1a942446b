#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What the operating system says about this machine.
package struct MachineFacts: Sendable {
  /// The processor's own name; nil where the system does not say.
  package let processor = SystemFile.value(of: "model name", in: "/proc/cpuinfo", separator: ":")
  /// The cores that are online, whether or not this process may use them.
  package let onlineCores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  /// Physical memory in bytes.
  package let memoryBytes =
    Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
  /// The operating system's name and version; nil where it does not say.
  package let system = SystemFile.value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")
    .map { String($0.drop { $0 == "\"" }.prefix { $0 != "\"" }) }

  /// This machine.
  package init() {}
}
