import Files
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files of `--report`: the page, and its curves beside it.
struct ReportFiles {
  let page: String
  let curves: String

  /// Looks whether the files can be written, before hours are spent.
  ///
  /// - Parameter path: The page.
  /// - Throws: `TrainingError.cannotReport`.
  init(path: String) throws {
    page = path
    curves = Self.curvesPath(of: path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard access(folder, W_OK | X_OK) == 0 else {
      throw TrainingError.cannotReport(path: path, reason: SystemCall.cause())
    }
    for file in [page, curves] {
      if FileStatus.kind(of: file) == .folder {
        throw TrainingError.cannotReport(path: file, reason: "it is a folder")
      }
    }
  }

  /// `run.png` for `run.html`.
  static func curvesPath(of page: String) -> String {
    for ending in [".html", ".htm"] where page.hasSuffix(ending) {
      return page.dropLast(ending.count) + ".png"
    }
    return page + ".png"
  }

  /// Writes both, each in one step.
  func write(_ report: RunReport) throws {
    try report.curves.write(pngFile: curves)
    do {
      try ReplacementFile.replace(page, with: Array(report.page.utf8))
    } catch {
      throw TrainingError.cannotReport(path: page, reason: error.reason)
    }
  }
}
