/// Rows of text in columns, two spaces apart.
package struct TextTable: CustomStringConvertible {
  private let rows: [[String]]
  private let numeric: Set<Int>

  /// A table.
  ///
  /// - Parameters:
  ///   - rows: The cells; a row may have fewer than others.
  ///   - numeric: The columns that end flush.
  package init(_ rows: [[String]], numeric: Set<Int> = []) {
    self.rows = rows
    self.numeric = numeric
  }

  /// One line per row, without spaces at its end.
  package var lines: [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return numeric.contains(column) ? space + cell : cell + space
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// The lines, without an end of line after the last.
  package var description: String { lines.joined(separator: "\n") }
}
