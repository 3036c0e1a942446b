internal import Foundation

extension RunSettings {
  /// The recipe by the command line's flags, in the order of its help; `isUsual` where a value is the
  /// reference experiment's.
  var table: [(flag: String, value: String, isUsual: Bool)] {
    let usual = RunSettings()
    func row<Value: Equatable>(
      _ flag: String, _ path: KeyPath<RunSettings, Value>, _ text: (Value) -> String
    ) -> (flag: String, value: String, isUsual: Bool) {
      (flag, text(self[keyPath: path]), self[keyPath: path] == usual[keyPath: path])
    }
    func number(_ value: Double) -> String { String(format: "%.12g", value) }
    func optional<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }
    return [
      row("--epochs", \.recipe.epochs) { "\($0)" },
      row("--max-steps", \.maxSteps, optional),
      row("--batch-size", \.recipe.batchSize) { "\($0)" },
      row("--lr", \.recipe.learningRate, number),
      row("--optimizer", \.recipe.optimizer) { $0.rawValue },
      row("--momentum", \.recipe.momentum, number),
      row("--weight-decay", \.recipe.weightDecay, number),
      row("--lr-schedule", \.recipe.schedule) { $0.rawValue },
      row("--warmup-epochs", \.recipe.warmupEpochs, number),
      row("--label-smoothing", \.recipe.labelSmoothing, number),
      row("--clip-norm", \.recipe.clipNorm) { $0.map(number) ?? "none" },
      row("--ema", \.recipe.averageDecay) { $0.map(number) ?? "none" },
      row("--precision", \.recipe.precision) { $0.rawValue },
      row("--augment", \.recipe.augmentation) { $0.rawValue },
      row("--validation-split", \.validationSplit) { $0.map(number) ?? "none" },
      row("--patience", \.patience, optional),
      row("--freeze", \.recipe.frozen) { $0.isEmpty ? "none" : $0.joined(separator: ", ") },
      row("--limit-train", \.limitTrain, optional),
      row("--limit-test", \.limitTest, optional),
      row("--seed", \.recipe.seed) { "\($0)" },
    ]
  }
}
