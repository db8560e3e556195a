import FilsluseBase
import Testing

@testable import PickupWatch

@Suite struct BackOffTests {
  /// The number of looks from one try to the next, at one look a minute.
  @Test(
    "a dead server is tried less and less often",
    arguments: [
      (1, 1, 1), (2, 2, 2), (3, 3, 4), (4, 6, 8), (5, 8, 10), (6, 8, 10), (100, 8, 10), (Int.max, 8, 10),
    ]) func aDeadServerIsTriedLessAndLessOften(failures: Int, least: Int, most: Int)
  {
    #expect(looks(after: failures, every: .seconds(60), random: 0) == least)
    #expect(looks(after: failures, every: .seconds(60), random: 0.999999) == most)
  }

  @Test("leaves out no look if looks are rare")
  func whereLooksAreRareNoneIsLeftOut() {
    for pause in [Duration.seconds(400), .seconds(600), .seconds(86_400), .seconds(3600 * 24 * 365)] {
      #expect(looks(after: 50, every: pause, random: 1) == 1)
    }
    #expect(looks(after: 50, every: .seconds(5), random: 1) == 120)
  }

  private func looks(after failures: Int, every pause: Duration, random: Double) -> Int {
    AccountLoop.looks(AccountLoop.backoff(lookEvery: pause).pause(after: failures, random: random), every: pause)
  }
}
