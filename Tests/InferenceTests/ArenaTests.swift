import Inference
import Networks
import Testing

@Suite("The arena is the most that is live at once")
struct ArenaTests {
  @Test("Live buffers never overlap, and no memory is wasted beyond the sum", arguments: 0..<200)
  func random(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let buffers = (0..<Int.random(in: 0...30, using: &random)).map { _ in
      let first = Int.random(in: 0...20, using: &random)
      return ArenaPlan.Buffer(
        bytes: Int.random(in: 1...4000, using: &random),
        lifetime: first...first + Int.random(in: 0...8, using: &random))
    }
    expectSound(ArenaPlan(buffers))
  }

  private func expectSound(_ plan: ArenaPlan) {
    for (i, a) in plan.buffers.enumerated() {
      #expect(plan.offsets[i] >= 0 && plan.offsets[i] + a.size <= plan.size)
      #expect(plan.offsets[i] % ArenaPlan.line == 0)
      for (j, b) in plan.buffers.enumerated() where j < i && a.lifetime.overlaps(b.lifetime) {
        let apart =
          plan.offsets[i] + a.size <= plan.offsets[j] || plan.offsets[j] + b.size <= plan.offsets[i]
        #expect(apart, "\(a) and \(b)")
      }
    }
    #expect(plan.size >= plan.peak)
    #expect(plan.size <= plan.buffers.reduce(0) { $0 + $1.size })
  }

  @Test(
    "A family's arena is within 5 % of the peak and below the sum",
    arguments: ["alexnet", "vgg11-small", "nin", "resnet18", "googlenet", "densenet"])
  func families(name: String) throws {
    let network = try Variant.named(name).network()
    let plan = try Plan(network: network, weights: .random(of: network, seed: 1))
    expectSound(plan.arena)
    #expect(Double(plan.arena.size) <= 1.05 * Double(plan.arena.peak))
    #expect(plan.arenaBytes < plan.activationBytes)
  }
}
