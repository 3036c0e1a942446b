import Checkpoints
import CommandSupport
import Datasets
import Hardware
import Networks
import Training

let trainCommand = Command(
  abstract: "Trains a convolutional network and keeps its checkpoint.",
  discussion: """
    Without flags it trains AlexNet on Fashion-MNIST at 1×224×224: batch 128, SGD, lr 0.01, 10
    epochs. Ctrl-C saves and exits; --resume goes on as if nothing had been.
    """,
  sections: [
    .init(
      "What is trained",
      [
        TrainFlags.model, TrainFlags.imageSize, TrainFlags.classes, TrainFlags.initial,
        TrainFlags.freeze,
      ]),
    .init(
      "Data",
      [
        TrainFlags.dataset, TrainFlags.data, TrainFlags.limitTrain, TrainFlags.limitTest,
        TrainFlags.validationSplit, TrainFlags.augment,
      ]),
    .init(
      "Recipe",
      [
        TrainFlags.epochs, TrainFlags.maxSteps, TrainFlags.batchSize, TrainFlags.learningRate,
        TrainFlags.optimizer, TrainFlags.momentum, TrainFlags.weightDecay, TrainFlags.schedule,
        TrainFlags.warmupEpochs, TrainFlags.labelSmoothing, TrainFlags.clipNorm,
        TrainFlags.average, TrainFlags.patience, TrainFlags.precision, TrainFlags.seed,
      ]),
    .init(
      "Checkpoints",
      [
        TrainFlags.output, TrainFlags.checkpointEvery, TrainFlags.checkpointMinutes,
        TrainFlags.resume,
      ]),
    .init(
      "Output",
      [
        TrainFlags.log, TrainFlags.report, TrainFlags.threads, TrainFlags.summary,
        TrainFlags.listModels, TrainFlags.quiet,
      ]),
  ],
  examples: [
    "cnn-train --momentum 0.9 --max-steps 300 --limit-test 2000",
    "cnn-train --model lenet --data photos/ --output photos.h5 --lr 0.1",
    "cnn-train --init resnet18.h5 --freeze conv1 --data photos/ -o photos.h5",
    "cnn-train --resume alexnet.h5 --epochs 20 --report run.html",
  ],
  run: train)

private func train(_ arguments: Arguments) throws -> ExitCode {
  if arguments[TrainFlags.listModels] {
    try StandardOutput.line(try Variant.table())
    return .success
  }
  if arguments[TrainFlags.summary] {
    let resumed = try arguments[TrainFlags.resume].map { try Checkpoint(contentsOf: $0).network }
    let initial = try arguments[TrainFlags.initial].map { try Checkpoint(contentsOf: $0).network }
    let network = try resumed ?? arguments.describedNetwork(initial: initial)
    try StandardOutput.line(network.summary)
    return .success
  }
  let plan = try RunPlan(arguments)
  if let network = plan.initialNetwork {
    try plan.writeInitialWeights(of: network)
    TrainingDisplay(quiet: arguments[TrainFlags.quiet], settings: plan.settings)
      .wroteInitialWeights(plan.saving.path)
    return .success
  }
  return try run(plan, arguments)
}

private func run(_ plan: RunPlan, _ arguments: Arguments) throws -> ExitCode {
  let source = try plan.openData()
  let start = try plan.start(source)
  Signals.catchStops()
  let run = try TrainingRun(
    start: start, settings: plan.settings, source: source, saving: plan.saving,
    threads: arguments[TrainFlags.threads] ?? availableCores)
  let display = TrainingDisplay(quiet: arguments[TrainFlags.quiet], settings: plan.settings)
  let report = try plan.report.map { try ReportFiles(path: $0) }
  guard !run.isFinished else {
    if !plan.outputIsResumed { try plan.saving.write(run.checkpoint(withOptimizer: true)) }
    display.nothingToDo(run)
    return try write(report, of: run, display)
  }
  let log = try arguments[TrainFlags.log].map {
    try EpochLog(path: $0, keeping: start.training?.epoch ?? 0)
  }
  let outcome = try run.run(
    shouldStop: { Signals.stopRequest != nil },
    observe: { event in
      if case .epoch(let record) = event { try log?.append(record) }
      display.show(event)
    })
  display.end(run)
  if case .stopped = outcome, let request = Signals.stopRequest { return request.exitCode }
  return try write(report, of: run, display)
}

/// Writes the report, if one is wanted; a stop while it evaluates leaves it to the next run.
private func write(
  _ files: ReportFiles?, of run: TrainingRun, _ display: TrainingDisplay
) throws -> ExitCode {
  guard let files else { return .success }
  let report = try run.report(
    shouldStop: { Signals.stopRequest != nil }, observe: { display.show($0) })
  guard let report else { return Signals.stopRequest?.exitCode ?? .success }
  try files.write(report)
  display.wrote(files)
  return .success
}
