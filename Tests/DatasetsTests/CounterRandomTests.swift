import Datasets
import Testing

@Suite("Random numbers by counter") struct CounterRandomTests {
  typealias Block = SIMD4<UInt32>

  // Random123 1.14, tests/kat_vectors, "philox4x32 10".
  @Test(
    "Philox4x32-10 gives the published answers",
    arguments: [
      (Block(repeating: 0), SIMD2(0, 0), Block(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
      (
        Block(repeating: .max), SIMD2(.max, .max),
        Block(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
      ),
      (
        Block(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        SIMD2(0xA409_3822, 0x299F_31D0),
        Block(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
      ),
    ] as [(Block, SIMD2<UInt32>, Block)])
  func knownAnswers(counter: Block, key: SIMD2<UInt32>, answer: Block) {
    #expect(CounterRandom.philox(counter: counter, key: key) == answer)
  }

  @Test("The words are the blocks of seed and stream, from any position")
  func positions() {
    let seed: UInt64 = 0x299F_31D0_A409_3822
    let stream: UInt64 = 0x0370_7344_1319_8A2E
    var generator = CounterRandom(seed: seed, stream: stream)
    let words = (0..<40).map { _ in generator.nextWord() }
    let block = CounterRandom.philox(
      counter: Block(2, 0, 0x1319_8A2E, 0x0370_7344), key: SIMD2(0xA409_3822, 0x299F_31D0))
    #expect(words[8..<12].elementsEqual((0..<4).map { block[$0] }))
    for position in words.indices {
      var other = CounterRandom(seed: seed, stream: stream, position: UInt64(position))
      #expect(other.nextWord() == words[position])
    }
  }

  @Test("Purposes and coordinates have streams of their own")
  func streams() {
    var streams: Set<UInt64> = []
    for purpose in CounterRandom.Purpose.allCases {
      streams.insert(CounterRandom(seed: 1, purpose: purpose).stream)
      for first in 0..<20 as Range<UInt64> {
        streams.insert(CounterRandom(seed: 1, purpose: purpose, first).stream)
        for second in 0..<20 as Range<UInt64> {
          streams.insert(CounterRandom(seed: 1, purpose: purpose, first, second).stream)
        }
      }
    }
    #expect(streams.count == CounterRandom.Purpose.allCases.count * (1 + 20 + 400))
  }

  @Test("Integers below a bound are alike", arguments: [1, 2, 3, 10, 1000])
  func integers(bound: Int) {
    var generator = CounterRandom(seed: 7, stream: UInt64(bound))
    let perValue = 1000
    var counts = Array(repeating: 0, count: bound)
    for _ in 0..<bound * perValue { counts[generator.nextInt(below: bound)] += 1 }
    // Six standard deviations of a binomial count.
    let allowed = 6 * Double(perValue).squareRoot()
    #expect(counts.allSatisfy { abs(Double($0 - perValue)) <= allowed })
  }

  @Test("A bound just above half of the range rejects and stays below it")
  func largeBound() {
    var generator = CounterRandom(seed: 3, stream: 0)
    let values = (0..<1000).map { _ in generator.nextInt(below: Int.max) }
    #expect(values.allSatisfy { $0 >= 0 && $0 < Int.max })
    #expect(Set(values).count == values.count)
  }

  @Test("Uniform numbers have the moments of [0, 1), normal ones those of N(0, 1)")
  func moments() {
    var generator = CounterRandom(seed: 11, stream: 5)
    let count = 100_000
    let uniform = (0..<count).map { _ in Double(generator.nextUniform()) }
    let normal = (0..<count).map { _ in generator.nextNormal() }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    func moment(_ values: [Double], _ power: (Double) -> Double) -> Double {
      values.reduce(0) { $0 + power($1) } / Double(count)
    }
    // Six standard errors: √(1/12), √(4/45), 1, √2 over √count.
    let unit = 6 / Double(count).squareRoot()
    #expect(abs(moment(uniform) { $0 } - 0.5) <= unit * 0.289)
    #expect(abs(moment(uniform) { $0 * $0 } - 1 / 3) <= unit * 0.299)
    #expect(abs(moment(normal) { $0 }) <= unit)
    #expect(abs(moment(normal) { $0 * $0 } - 1) <= unit * 1.415)
  }

  @Test("An epoch's order is a permutation that seed and epoch decide", arguments: [0, 1, 2, 1000])
  func order(count: Int) {
    let order = CounterRandom.epochOrder(count: count, seed: 5, epoch: 3)
    #expect(order.sorted() == Array(0..<count))
    #expect(order == CounterRandom.epochOrder(count: count, seed: 5, epoch: 3))
    if count > 100 {
      #expect(order != CounterRandom.epochOrder(count: count, seed: 5, epoch: 4))
      #expect(order != CounterRandom.epochOrder(count: count, seed: 6, epoch: 3))
    }
  }

  @Test("Every order of four elements comes up alike")
  func allOrders() {
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<24_000 {
      counts[CounterRandom.epochOrder(count: 4, seed: 1, epoch: epoch), default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 1000) <= 190 })  // six standard deviations
  }

  @Test("The numbers of a run never change")
  func pinned() {
    var generator = CounterRandom(seed: 0, purpose: .shuffle, 1, 2)
    #expect(generator.stream == 14_488_515_511_361_922_244)
    #expect(generator.next() == 12_539_918_902_799_594_936)
    #expect(CounterRandom.epochOrder(count: 8, seed: 0, epoch: 0) == [0, 6, 5, 1, 7, 3, 4, 2])
  }
}
