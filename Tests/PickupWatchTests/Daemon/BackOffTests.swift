import Testing

@testable import PickupWatch

@Suite struct BackOffTests {
  /// How many looks go by without a try, at one look a minute.
  @Test(
    "a dead server is tried less and less often",
    arguments: [
      (0, 0, 0), (1, 0, 0), (2, 1, 1), (3, 2, 3), (4, 4, 7), (5, 8, 9), (6, 9, 9), (100, 9, 9), (Int.max, 9, 9),
    ]) func aDeadServerIsTriedLessAndLessOften(failures: Int, least: Int, most: Int)
  {
    let pause = Duration.seconds(60)
    #expect(AccountLoop.triesToLeaveOut(after: failures, pause: pause, lot: 0) == least)
    #expect(AccountLoop.triesToLeaveOut(after: failures, pause: pause, lot: 0.999999) == most)
  }

  @Test("where looks are rare none is left out")
  func whereLooksAreRareNoneIsLeftOut() {
    for pause in [Duration.seconds(600), .seconds(86_400), .seconds(3600 * 24 * 365)] {
      #expect(AccountLoop.triesToLeaveOut(after: 50, pause: pause, lot: 0.5) == 0)
    }
    #expect(AccountLoop.triesToLeaveOut(after: 50, pause: .seconds(5), lot: 0.5) == 119)
    #expect(AccountLoop.triesToLeaveOut(after: 50, pause: .zero, lot: 0.5) == 0)
  }
}
