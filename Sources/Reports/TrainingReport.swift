package import Images

/// A training run, told in one HTML page that needs no network, and in a picture of its curves.
///
/// ```swift
/// var report = TrainingReport(model: model, data: data, history: history)
/// report.machine = [.init("threads", "8")]
/// let page = try report.html()
/// ```
package struct TrainingReport: Sendable {
  /// The network that was trained.
  package struct Model: Sendable, Equatable {
    let name: String
    /// The layers as text, one line each.
    let layers: String
    let parameters: Int
    /// Multiply–accumulates per image.
    let macs: Int
    /// The classes' names by index.
    let classNames: [String]

    /// A network's facts.
    package init(name: String, layers: String, parameters: Int, macs: Int, classNames: [String]) {
      self.name = name
      self.layers = layers
      self.parameters = parameters
      self.macs = macs
      self.classNames = classNames
    }
  }

  /// The images of the run.
  package struct Data: Sendable, Equatable {
    let source: String
    let training: Int
    let validation: Int?

    /// A dataset's name, and how many of its images trained and were held out.
    package init(source: String, training: Int, validation: Int?) {
      self.source = source
      self.training = training
      self.validation = validation
    }
  }

  /// A test image that was given another class than its own.
  package struct Mistake: Sendable, Equatable {
    let image: Image
    let index: Int
    let label: Int
    let prediction: Int
    let probability: Double

    /// A mistake.
    ///
    /// - Parameters:
    ///   - image: The image as it is shown.
    ///   - index: Its index in the test part.
    ///   - label: Its class.
    ///   - prediction: The class that it was given.
    ///   - probability: The prediction's, from 0 to 1.
    package init(image: Image, index: Int, label: Int, prediction: Int, probability: Double) {
      self.image = image
      self.index = index
      self.label = label
      self.prediction = prediction
      self.probability = probability
    }
  }

  /// The filters of the first convolution.
  package struct Filters: Sendable {
    let node: String
    let pictures: [Picture]

    /// A node's name, and one picture per filter.
    package init(node: String, pictures: [Picture]) {
      self.node = node
      self.pictures = pictures
    }
  }

  /// A row of a table.
  package struct Fact: Sendable, Equatable {
    let name: String
    let value: String
    let isUsual: Bool

    /// A fact; `isUsual` where the reader need not look at it.
    package init(_ name: String, _ value: String, isUsual: Bool = false) {
      self.name = name
      self.value = value
      self.isUsual = isUsual
    }
  }

  /// The network.
  package let model: Model
  /// The images.
  package let data: Data
  /// What each epoch measured.
  package let history: RunHistory
  /// The epoch of the smallest validation loss, or training loss where nothing was held out, from 1.
  package var bestEpoch: Int?
  /// How test images were classified.
  package var confusion = Confusion()
  /// The worst mistakes, the worst first.
  package var mistakes: [Mistake] = []
  /// The first convolution's filters.
  package var filters: Filters?
  /// The recipe by the names that users give its values.
  package var recipe: [Fact] = []
  /// The machine that trained.
  package var machine: [Fact] = []
  /// Steps in all.
  package var steps = 0
  /// Whether the run stopped because the validation loss did not get better.
  package var isOutOfPatience = false
  /// The program that writes the page.
  package var producer = ""
  /// When the page is written.
  package var date = ""

  /// A report of a run; what is left at its default is left out of the page.
  package init(model: Model, data: Data, history: RunHistory) {
    self.model = model
    self.data = data
    self.history = history
  }

  /// The page: one file, no script, nothing fetched.
  ///
  /// - Returns: HTML in UTF-8.
  /// - Throws: `ImageError.outOfMemory`.
  package func html() throws -> String { try ReportPage(self).html() }

  /// The curves of loss and accuracy, side by side.
  package var curves: Picture { CurvesPicture(Chart.lossAndAccuracy(history)).picture }
}
