import CommandSupport

Program(
  "cnn-infer", main: ClassifyCommand.command,
  commands: [
    InspectCommand.command, EvaluateCommand.command, QuantizeCommand.command,
    BenchmarkCommand.command,
    ExportCommand.command, ImportCommand.command, VisualizeCommand.command,
  ],
  hidden: [
    VerifyCommand.isolated, ImportCommand.isolated, BenchmarkRoundsCommand.hidden,
    BenchmarkConvolutionsCommand.hidden,
  ],
  advice: Advice.text(for:)
).run()
