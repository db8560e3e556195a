import FilsluseBase
import Testing

@Suite struct BackoffTests {
  private let backoff = Backoff(first: .milliseconds(500), longest: .seconds(300), jitter: 0.5)

  @Test("pauses double up to the longest")
  func pausesDoubleUpToTheLongest() {
    let pauses = (1...12).map { backoff.pause(after: $0, random: 1) }
    #expect(pauses.prefix(4) == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4)])
    #expect(pauses[9] == .seconds(256))
    #expect(pauses.suffix(2) == [.seconds(300), .seconds(300)])
    for failures in [Int.min, -1, 0] { #expect(backoff.pause(after: failures, random: 1) == .milliseconds(500)) }
    #expect(backoff.pause(after: .max, random: 1) == .seconds(300))
  }

  @Test(
    "half of each pause is random, and none is shorter than the first or longer than the longest",
    arguments: 1...20, [0, 0.25, 0.999, 1, -3, 7])
  func noPauseLeavesItsBounds(failures: Int, random: Double) {
    let whole = backoff.pause(after: failures, random: 1)
    let pause = backoff.pause(after: failures, random: random)
    #expect(pause >= max(.milliseconds(500), whole / 2) && pause <= whole)
  }

  @Test("different random numbers give different pauses")
  func differentNumbersGiveDifferentPauses() {
    #expect(Set((0..<10).map { backoff.pause(after: 5, random: Double($0) / 10) }).count == 10)
  }

  @Test("without jitter every pause is whole")
  func withoutJitterEveryPauseIsWhole() {
    let plain = Backoff(first: .seconds(5), longest: .seconds(900))
    for _ in 0..<10 { #expect(plain.pause(after: 8) == .seconds(640)) }
  }

  @Test("pauses grow by the factor")
  func pausesGrowByTheFactor() {
    var slow = Backoff(first: .milliseconds(200), longest: .seconds(1), factor: 1.5)
    #expect((0..<6).map { _ in slow.next() } == [200, 300, 450, 675, 1000, 1000].map { .milliseconds($0) })
  }

  @Test("counts failures in a row, and begins again after a reset")
  func countsAndResets() {
    var counting = backoff
    #expect((1...3).map { _ in counting.next(random: 1) } == [.milliseconds(500), .seconds(1), .seconds(2)])
    #expect(counting.failures == 3)
    counting.reset()
    #expect(counting == backoff)
    #expect(counting.next(random: 1) == .milliseconds(500))
  }

  @Test("accepts a first pause of zero or beyond the longest")
  func unusualFigures() {
    #expect(Backoff(first: .zero, longest: .zero).pause(after: 9) == .zero)
    #expect(Backoff(first: .zero, longest: .seconds(1)).pause(after: 9) == .zero)
    #expect(Backoff(first: .seconds(5), longest: .seconds(1), jitter: 1).pause(after: 9, random: 0) == .seconds(1))
  }
}
