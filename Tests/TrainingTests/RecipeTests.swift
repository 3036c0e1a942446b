import Foundation
import Networks
import Testing
import Training

@Suite("Recipes")
struct RecipeTests {
  @Test("Schedules start, pass and end where their papers say")
  func schedules() {
    var recipe = Recipe()
    recipe.learningRate = 0.4
    recipe.epochs = 10
    func rate(_ step: Int) -> Double { recipe.learningRate(atStep: step, stepsPerEpoch: 100) }
    #expect(rate(0) == 0.4 && rate(999) == 0.4)
    recipe.schedule = .step
    #expect([0, 499].map(rate) == [0.4, 0.4])
    #expect(abs(rate(500) - 0.04) < 1e-12 && abs(rate(750) - 0.004) < 1e-12)
    recipe.schedule = .cosine
    #expect(rate(0) == 0.4 && abs(rate(500) - 0.2) < 1e-12 && rate(999) < 1e-5)
    recipe.schedule = .oneCycle
    #expect(abs(rate(0) - 0.016) < 1e-12 && abs(rate(300) - 0.4) < 1e-12 && rate(999) < 1e-5)
    recipe.schedule = .constant
    recipe.warmupEpochs = 2
    #expect(abs(rate(0) - 0.002) < 1e-12 && abs(rate(99) - 0.2) < 1e-12 && rate(200) == 0.4)
  }

  @Test("A warm-up shorter than a step never exceeds the rate")
  func shortWarmup() {
    var recipe = Recipe()
    recipe.learningRate = 0.1
    recipe.warmupEpochs = 0.5
    #expect(recipe.learningRate(atStep: 0, stepsPerEpoch: 1) == 0.1)
  }

  @Test("Settings of an older checkpoint get today's defaults")
  func olderSettings() throws {
    let recipe = try JSONDecoder().decode(Recipe.self, from: Data(#"{"epochs":3}"#.utf8))
    #expect(recipe.epochs == 3 && recipe.batchSize == 128)
  }

  @Test("Values that cannot be meant are refused and the error says which")
  func validation() {
    let changes: [(RunSetting, (inout Recipe) -> Void)] = [
      (.learningRate, { $0.learningRate = -1 }), (.learningRate, { $0.learningRate = .nan }),
      (.momentum, { $0.momentum = 1 }), (.batchSize, { $0.batchSize = 0 }),
      (.weightDecay, { $0.weightDecay = .infinity }), (.clipNorm, { $0.clipNorm = 0 }),
      (.labelSmoothing, { $0.labelSmoothing = 1 }),
      (.momentum, { $0.optimizer = .nesterov }),
    ]
    for (setting, change) in changes {
      var recipe = Recipe()
      change(&recipe)
      let error = #expect(throws: TrainingError.self) { try recipe.validate() }
      #expect(error?.setting == setting)
      #expect(error?.description.contains(setting.rawValue) == true)
    }
  }

  @Test("The same seed and network give the same weights, within Xavier's bound")
  func initialWeights() throws {
    let network = try Variant.named("lenet").network()
    let (first, second) = (network.initialWeights(seed: 1), network.initialWeights(seed: 1))
    let other = network.initialWeights(seed: 2)
    for parameter in network.parameters {
      let values = try #require(first[parameter]).floats
      #expect(values == second[parameter]?.floats)
      guard parameter.role == .weight else {
        #expect(values.allSatisfy { $0 == 0 })
        continue
      }
      #expect(values != other[parameter]?.floats)
      let taps = parameter.shape.dropFirst(2).reduce(1, *)
      let bound = Float((6 / Double((parameter.shape[0] + parameter.shape[1]) * taps)).squareRoot())
      #expect(values.allSatisfy { abs($0) <= bound })
      // Of n uniform numbers the largest is above 0.9 of the bound but for 0.9ⁿ of cases.
      #expect(values.map(abs).max() ?? 0 > 0.9 * bound)
      let mean = values.reduce(0, +) / Float(values.count)
      #expect(abs(mean) < 4 * bound / Float(3 * values.count).squareRoot())
    }
  }

  @Test("He initialisation has its deviation")
  func heNormal() throws {
    let builder = NetworkBuilder("he", channels: 8, height: 8, width: 8)
    let scores = builder.input.convolution("conv", 64, kernel: 3).flatten().linear("fc", 2)
    let network = try builder.network(output: scores, initialization: .heNormal)
    let values = try #require(network.initialWeights(seed: 3)["conv", .weight]).floats
    let variance = values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
    // The variance of 4608 squares of deviation √(2 / 72) is known to √(2 / 4608) of itself.
    #expect(abs(variance * 36 - 1) < 4 * (2.0 / 4608).squareRoot())
  }

  @Test("Settings survive their JSON to the bit")
  func json() throws {
    var settings = RunSettings()
    settings.recipe.learningRate = 0.1 + 0.2
    settings.recipe.seed = .max
    settings.limitTrain = 17
    let text = try settings.json()
    #expect(try JSONDecoder().decode(RunSettings.self, from: Data(text.utf8)) == settings)
  }
}
