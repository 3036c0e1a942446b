import CommandSupport
import Formatting
import Reports
import Training

extension RunSettings {
  /// The recipe by this program's flags, in the order of its help; usual where a value is the
  /// reference experiment's.
  var facts: [TrainingReport.Fact] {
    let usual = RunSettings()
    func row<Value: Equatable>(
      _ flag: any FlagDeclaration, _ path: KeyPath<RunSettings, Value>, _ text: (Value) -> String
    ) -> TrainingReport.Fact {
      TrainingReport.Fact(
        flag.name, text(self[keyPath: path]), isUsual: self[keyPath: path] == usual[keyPath: path])
    }
    func number(_ value: Double) -> String { Decimals.significant(value, 12) }
    func optional<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }
    func optionalNumber(_ value: Double?) -> String { value.map(number) ?? "none" }
    return [
      row(TrainFlags.epochs, \.recipe.epochs) { "\($0)" },
      row(TrainFlags.maxSteps, \.maxSteps, optional),
      row(TrainFlags.batchSize, \.recipe.batchSize) { "\($0)" },
      row(TrainFlags.learningRate, \.recipe.learningRate, number),
      row(TrainFlags.optimizer, \.recipe.optimizer) { $0.rawValue },
      row(TrainFlags.momentum, \.recipe.momentum, number),
      row(TrainFlags.weightDecay, \.recipe.weightDecay, number),
      row(TrainFlags.schedule, \.recipe.schedule) { $0.rawValue },
      row(TrainFlags.warmupEpochs, \.recipe.warmupEpochs, number),
      row(TrainFlags.labelSmoothing, \.recipe.labelSmoothing, number),
      row(TrainFlags.clipNorm, \.recipe.clipNorm, optionalNumber),
      row(TrainFlags.average, \.recipe.averageDecay, optionalNumber),
      row(TrainFlags.precision, \.recipe.precision) { $0.rawValue },
      row(TrainFlags.augment, \.recipe.augmentation) { $0.rawValue },
      row(TrainFlags.validationSplit, \.validationSplit, optionalNumber),
      row(TrainFlags.patience, \.patience, optional),
      row(TrainFlags.freeze, \.recipe.frozen) {
        $0.isEmpty ? "none" : $0.joined(separator: ", ")
      },
      row(TrainFlags.limitTrain, \.limitTrain, optional),
      row(TrainFlags.limitTest, \.limitTest, optional),
      row(TrainFlags.seed, \.recipe.seed) { "\($0)" },
    ]
  }
}
