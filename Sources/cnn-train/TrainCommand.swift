import Checkpoints
import CommandSupport
import Datasets
import Networks
import Training

let trainCommand = Command(
  abstract: "Trains a convolutional network and keeps its checkpoint.",
  discussion: """
    Without flags it trains AlexNet on Fashion-MNIST at 1×224×224: batch 128, SGD, lr 0.01, 10
    epochs. Ctrl-C saves and exits; --resume goes on as if nothing had been.
    """,
  sections: [
    .init("What is trained", [TrainFlags.model, TrainFlags.imageSize, TrainFlags.classes]),
    .init(
      "Data", [TrainFlags.dataset, TrainFlags.data, TrainFlags.limitTrain, TrainFlags.limitTest]),
    .init(
      "Recipe",
      [
        TrainFlags.epochs, TrainFlags.maxSteps, TrainFlags.batchSize, TrainFlags.learningRate,
        TrainFlags.optimizer, TrainFlags.momentum, TrainFlags.weightDecay, TrainFlags.schedule,
        TrainFlags.warmupEpochs, TrainFlags.labelSmoothing, TrainFlags.clipNorm,
        TrainFlags.precision, TrainFlags.seed,
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
        TrainFlags.log, TrainFlags.threads, TrainFlags.summary, TrainFlags.listModels,
        TrainFlags.quiet,
      ]),
  ],
  examples: [
    "cnn-train --momentum 0.9 --max-steps 300 --limit-test 2000",
    "cnn-train --model lenet --data photos/ --output photos.h5 --lr 0.1",
    "cnn-train --resume alexnet.h5 --epochs 20",
  ],
  run: train)

private func train(_ arguments: Arguments) throws -> ExitCode {
  if arguments[TrainFlags.listModels] {
    try StandardOutput.line(try Variant.table())
    return .success
  }
  if arguments[TrainFlags.summary] {
    let network = try arguments[TrainFlags.resume].map { try Checkpoint(contentsOf: $0).network }
    try StandardOutput.line(try (network ?? arguments.describedNetwork()).summary)
    return .success
  }
  let plan = try RunPlan(arguments)
  if let network = plan.initialNetwork {
    try plan.writeInitialWeights(of: network)
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
    threads: arguments[TrainFlags.threads] ?? availableCores())
  let display = TrainingDisplay(quiet: arguments[TrainFlags.quiet], settings: plan.settings)
  guard !run.isFinished else {
    if !plan.outputIsResumed { try plan.saving.write(run.checkpoint(withOptimizer: true)) }
    display.nothingToDo()
    return .success
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
  display.end()
  if case .stopped = outcome, let request = Signals.stopRequest { return request.exitCode }
  return .success
}
