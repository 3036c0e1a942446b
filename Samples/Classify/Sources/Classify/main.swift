import Inference

let classifier = try Classifier(checkpoint: CommandLine.arguments[1])
for prediction in try classifier.classify(CommandLine.arguments[2], topK: 3) {
  print(prediction.label, prediction.probability)
}
