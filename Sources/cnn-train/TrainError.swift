/// Why a run of this program failed where no library has a word for it.
enum TrainError: Error, CustomStringConvertible {
  /// The report cannot be written.
  case cannotReport(path: String, reason: String)

  var description: String {
    switch self {
    case .cannotReport(let path, let reason):
      "cannot write the report: '\(path)' (\(reason)): give another --report"
    }
  }
}
