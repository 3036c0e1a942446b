import Checkpoints
import CommandSupport

/// The checksum of every dataset, computed in a process that may crash.
enum VerifyCommand {
}
