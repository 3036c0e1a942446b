internal import Formatting

/// Who is taken for whom: a matrix of few classes, a list of the commonest confusions of many.
struct ConfusionTable {
  private static let largestMatrix = 32
  private static let longestList = 40
  private static let besideMatrix = 12

  private let confusion: Confusion
  private let names: [String]

  init(_ confusion: Confusion, _ names: [String]) {
    self.confusion = confusion
    self.names = names
  }

  /// The section of the page.
  var section: String {
    let isMatrix = names.count <= Self.largestMatrix
    return """
      <section>
      <h2>Confusion</h2>
      <p class="note">\(isMatrix
        ? "Rows are the test images' classes, columns what they were taken for; shades are shares of a row."
        : "The commonest confusions, as shares of the test images of their class.")</p>
      <div class="wide confusions">
      \(isMatrix ? matrix + list(of: Self.besideMatrix) : list(of: Self.longestList))
      </div>
      </section>
      """
  }

  private var matrix: String {
    let totals = confusion.totals
    let heads = names.map { name in
      "<th scope=\"col\"><span>\(HTML.escape(name))</span></th>"
    }.joined()
    let rows = names.indices.map { label in
      let total = totals[label] ?? 0
      let cells = names.indices.map { prediction in
        cell(label, prediction, of: total)
      }.joined()
      let recall = total > 0 ? Decimals.percent(share(label, label, of: total)) : "–"
      return "<tr><th scope=\"row\">\(HTML.escape(names[label]))</th>\(cells)<td class=\"sum\">"
        + "\(recall)</td></tr>\n"
    }.joined()
    return """
      <table class="confusion">
      <tr><td></td>\(heads)<th scope="col"><span>recall</span></th></tr>
      \(rows)</table>
      """
  }

  private func share(_ label: Int, _ prediction: Int, of total: Int) -> Double {
    total > 0 ? Double(confusion.count(label, prediction)) / Double(total) : 0
  }

  private func cell(_ label: Int, _ prediction: Int, of total: Int) -> String {
    let count = confusion.count(label, prediction)
    let kind = label == prediction ? "hit" : "miss"
    guard count > 0 else { return "<td class=\"none\">·</td>" }
    // The root lifts small shares of errors into sight.
    let part = share(label, prediction, of: total)
    let shade = Int((label == prediction ? part * 70 : part.squareRoot() * 90).rounded())
    return "<td class=\"\(kind)\" style=\"--shade:\(shade)%\" title=\"\(HTML.escape(names[label])) "
      + "taken for \(HTML.escape(names[prediction])): \(count) of \(total)\">\(count)</td>"
  }

  private func list(of length: Int) -> String {
    let totals = confusion.totals
    let errors = confusion.counts.filter { $0.key.label != $0.key.prediction }.sorted {
      ($1.value, $0.key.label, $0.key.prediction) < ($0.value, $1.key.label, $1.key.prediction)
    }
    let rows = errors.prefix(length).map { pair, count in
      "<tr><td>\(HTML.escape(names[pair.label]))</td><td>\(HTML.escape(names[pair.prediction]))</td>"
        + "<td>\(count)</td><td>"
        + Decimals.percent(share(pair.label, pair.prediction, of: totals[pair.label] ?? 0))
        + "</td></tr>\n"
    }.joined()
    guard !rows.isEmpty else { return "" }
    return """
      <table class="numbers">
      <tr><th scope="col">class</th><th scope="col">taken for</th><th scope="col">images</th>\
      <th scope="col">share</th></tr>
      \(rows)</table>
      """
  }
}
