import CommandSupport
import Datasets
import Training

/// The flags of `cnn-train`.
enum TrainFlags {
  static let model = Flag(
    "--model", "NAME", .text("a variant's name or a file that ends in .json"), default: "alexnet",
    help: "a variant of --list-models, or a network described in a .json file")
  static let dataset = Flag(
    "--dataset", "NAME", .choice, default: DatasetName.fashionMNIST,
    help: "a data set that is installed")
  static let data = Flag(
    "--data", "DIR", .text("a folder"),
    help: "a folder with MNIST's four IDX files, with train/ and test/ of a folder of PNGs for "
      + "each class, or with such folders alone")
  static let output = Flag(
    "--output", "CKPT", .text("the path of a checkpoint"), defaultText: "MODEL.h5, or --resume's",
    short: "o", help: "where the checkpoint is kept")
  static let epochs = Flag(
    "--epochs", "N", .integer(0...1_000_000), default: 10, help: "passes over the training images")
  static let batchSize = Flag(
    "--batch-size", "N", .integer(1...65_536), default: 128, help: "images a step")
  static let learningRate = Flag(
    "--lr", "X", .number(atLeast: 0), default: 0.01, help: "the learning rate")
  static let optimizer = Flag(
    "--optimizer", "WORD", .choice, default: Recipe.Optimizer.sgd, help: "the update rule")
  static let momentum = Flag(
    "--momentum", "X", .number(0..<1), default: 0, help: "momentum of sgd and nesterov")
  static let weightDecay = Flag(
    "--weight-decay", "X", .number(atLeast: 0), default: 0, help: "L2 regularisation")
  static let schedule = Flag(
    "--lr-schedule", "WORD", .choice, default: Recipe.Schedule.constant,
    help: "how the learning rate changes over the run")
  static let warmupEpochs = Flag(
    "--warmup-epochs", "X", .number(atLeast: 0), default: 0,
    help: "epochs of linear growth to the learning rate")
  static let labelSmoothing = Flag(
    "--label-smoothing", "X", .number(0..<1), default: 0,
    help: "the share of a label that is spread over all classes")
  static let clipNorm = Flag(
    "--clip-norm", "X", .number(above: 0), help: "the largest norm of all gradients together")
  static let average = Flag(
    "--ema", "DECAY", .number(0..<1),
    help: "keep an exponential moving average of the weights, 0.999 say: it is what is evaluated "
      + "and exported")
  static let augment = Flag(
    "--augment", "WORD", .choice, default: Augmentation.none,
    help: "random changes of training images")
  static let validationSplit = Flag(
    "--validation-split", "F", .number(0..<1), default: 0,
    help: "the share of the training images that is held out to tell the best epoch")
  static let patience = Flag(
    "--patience", "N", .integer(atLeast: 1),
    help: "end after N epochs without a better loss of the held-out part")
  static let initial = Flag(
    "--init", "CKPT", .text("the path of a checkpoint"),
    help: "begin with the weights of a checkpoint whose shapes fit, and say which do not; without "
      + "--model the network is the checkpoint's")
  static let freeze = Flag(
    repeated: "--freeze", "PREFIX", .text("the beginning of a node's name"),
    help: "keep the weights of nodes whose names begin so; may be given several times")
  static let precision = Flag(
    "--precision", "WORD", .choice, default: Recipe.Precision.fp32,
    help: "what is computed with; bf16 keeps fp32 master weights and needs avx512_bf16")
  static let imageSize = Flag(
    "--image-size", "N", .integer(1...4096), defaultText: "the variant's",
    help: "height and width of the network's input")
  static let classes = Flag(
    "--classes", "N", .integer(1...100_000), defaultText: "the data set's",
    help: "the number of classes")
  static let seed = Flag(
    "--seed", "N", .seed, default: 0, help: "decides weights, order and dropout")
  static let threads = Flag(
    "--threads", "N", .integer(1...1024), defaultText: "the cores this process may use",
    help: "how many threads compute")
  static let maxSteps = Flag(
    "--max-steps", "N", .integer(atLeast: 0),
    help: "end after so many steps in all; 0 writes the initial weights")
  static let limitTrain = Flag(
    "--limit-train", "N", .integer(atLeast: 1), help: "only the first N training images")
  static let limitTest = Flag(
    "--limit-test", "N", .integer(atLeast: 1), help: "only the first N test images")
  static let checkpointEvery = Flag(
    "--checkpoint-every", "EPOCHS", .integer(atLeast: 1), default: 1,
    help: "save after every so many epochs")
  static let checkpointMinutes = Flag(
    "--checkpoint-minutes", "X", .number(atLeast: 0), default: 5,
    help: "save within an epoch after so many minutes; 0 for never")
  static let resume = Flag(
    "--resume", "CKPT", .text("the path of a checkpoint"),
    help: "go on from a checkpoint; flags that are not given come from it")
  static let report = Flag(
    "--report", "FILE.html", .text("a file"),
    help: "at the end write a page about the run, and its curves to FILE.png beside it")
  static let log = Flag(
    "--log", "FILE", .text("a file"), help: "write one JSON object an epoch to FILE")
  static let summary = Flag("--summary", help: "print the network's layers and exit")
  static let listModels = Flag("--list-models", help: "print the variants and exit")
  static let quiet = Flag("--quiet", help: "print nothing but errors")
}
