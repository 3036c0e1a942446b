/// Columns of text, padded to a common width.
enum TextTable {
  /// One line a row, two spaces between columns, no spaces at the ends of lines.
  ///
  /// - Parameters:
  ///   - rows: The cells; every row has as many.
  ///   - rightAligned: The columns that end rather than start together.
  /// - Returns: The lines.
  static func lines(_ rows: [[String]], rightAligned: Set<Int> = []) -> [String] {
    let columns = rows.first?.count ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line +=
          (column > 0 ? "  " : "") + (rightAligned.contains(column) ? space + cell : cell + space)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
