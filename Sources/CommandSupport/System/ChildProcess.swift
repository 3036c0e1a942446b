import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// This program once more, in a process whose crash does no harm: for parsers of others that may
/// read out of bounds on a damaged file.
public enum ChildProcess {
  /// How a child ended.
  public enum Ending: Sendable, Equatable {
    /// With an exit status.
    case exited(Int32)
    /// By a signal: a crash.
    case signaled(Int32)
    /// It ran for too long and was stopped.
    case timedOut
  }

  /// What a child did.
  public struct Outcome: Sendable {
    /// How it ended.
    public let ending: Ending
    /// What it printed on standard output, up to 16 MiB.
    public let output: String
    /// What it printed on standard error, up to 16 MiB.
    public let errors: String
  }

  static let outputLimit = 16 << 20

  /// Runs this executable with other arguments and waits.
  ///
  /// - Parameters:
  ///   - arguments: The arguments, without the program's name.
  ///   - timeout: After how many seconds the child is killed.
  /// - Returns: How it ended and what it printed.
  /// - Throws: `CommandError.childFailed` where no process can be started.
  public static func run(_ arguments: [String], timeout: Double = 600) throws -> Outcome {
    try run(executable: Executable.path, arguments, timeout: timeout)
  }

  package static func run(
    executable: String, _ arguments: [String], timeout: Double
  ) throws -> Outcome {
    let (output, errors) = (try Pipe(), try Pipe())
    let child = try spawn(executable, arguments, output: output, errors: errors)
    output.closeWriting()
    errors.closeWriting()
    let deadline = ContinuousClock.now + .seconds(timeout)
    let isInTime = collect([output, errors], until: deadline)
    if !isInTime { kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    // Macros of <sys/wait.h>: WTERMSIG, WEXITSTATUS.
    let signal = status & 0x7F
    let ended: Ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal)
    return Outcome(
      ending: isInTime ? ended : .timedOut, output: output.text, errors: errors.text)
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], output: Pipe, errors: Pipe
  ) throws -> pid_t {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writing, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors.writing, STDERR_FILENO)
    var argv = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { argv.forEach { free($0) } }
    // The crash is expected and told in a line of ours: no backtrace of the runtime's.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    var child: pid_t = 0
    let code = posix_spawn(&child, executable, &actions, nil, &argv, environ)
    guard code == 0 else {
      throw CommandError.childFailed(call: "posix_spawn", reason: SystemCall.cause(code))
    }
    return child
  }

  /// Reads all pipes until they end; false if the deadline comes first.
  private static func collect(_ pipes: [Pipe], until deadline: ContinuousClock.Instant) -> Bool {
    while pipes.contains(where: { !$0.isAtEnd }) {
      let left = (deadline - ContinuousClock.now).inSeconds
      guard left > 0 else { return false }
      let open = pipes.filter { !$0.isAtEnd }
      var entries = open.map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
      _ = poll(&entries, nfds_t(entries.count), Int32(min(left * 1000 + 1, 60_000)))
      for (pipe, entry) in zip(open, entries) where entry.revents != 0 { pipe.read() }
    }
    return true
  }
}

/// A pipe from a child, and what came through it.
private final class Pipe {
  let reading: Int32
  private(set) var writing: Int32
  private(set) var isAtEnd = false
  private var bytes: [UInt8] = []

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw CommandError.childFailed(call: "pipe", reason: SystemCall.cause())
    }
    (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(reading)
    closeWriting()
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  func read() {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    #if canImport(Glibc)
      let count = Glibc.read(reading, &chunk, chunk.count)
    #else
      let count = Darwin.read(reading, &chunk, chunk.count)
    #endif
    if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { isAtEnd = true }
    guard count > 0 else { return }
    // The rest is read, so that the child does not block, and dropped.
    bytes += chunk.prefix(min(count, ChildProcess.outputLimit - bytes.count))
  }
}
