#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The reason of the last failed system call: `No space left on device`.
func systemReason(_ code: Int32 = errno) -> String {
  String(cString: strerror(code))
}
