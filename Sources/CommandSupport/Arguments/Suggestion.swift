/// The candidate that a mistyped word most likely means: the nearest by edits, if at most a third
/// of the word is wrong, or the only one that it begins.
package func nearest(to word: String, in candidates: [String]) -> String? {
  let scored = candidates.map { (candidate: $0, distance: editDistance(word, $0)) }
  if let best = scored.min(by: { $0.distance < $1.distance }),
    best.distance <= max(1, best.candidate.count / 3)
  {
    return best.candidate
  }
  let begun = candidates.filter { $0.hasPrefix(word) }
  return begun.count == 1 && word.count > 2 ? begun.first : nil
}

/// The least number of insertions, deletions, substitutions and swaps of neighbours (optimal string
/// alignment) that turns one word into the other.
package func editDistance(_ first: String, _ second: String) -> Int {
  // A word longer than any flag cannot be near one.
  let (a, b) = (Array(first.prefix(64)), Array(second.prefix(64)))
  var older: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
      row.append(cost)
    }
    (older, previous) = (previous, row)
  }
  return previous[b.count]
}
