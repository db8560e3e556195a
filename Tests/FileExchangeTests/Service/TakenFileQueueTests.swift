import Testing

@testable import FileExchange

@Suite struct TakenFileQueueTests {
  private let now = ContinuousClock.now

  private func work(_ mark: Int, _ name: String, folder: Int = 0) -> TakenFileQueue.Work {
    TakenFileQueue.Work(folder: folder, item: TakenFile(mark: "mark\(mark)", name: name))
  }

  @Test("files of one name go one after the other")
  func filesOfOneNameGoOneAfterTheOther() throws {
    var queue = TakenFileQueue()
    for one in [work(1, "a"), work(2, "b"), work(3, "a"), work(4, "a"), work(5, "a", folder: 1)] { queue.add(one) }
    #expect(queue.next(at: now) == work(1, "a"))
    #expect(queue.next(at: now) == work(2, "b"))
    #expect(queue.next(at: now) == work(5, "a", folder: 1))
    #expect(queue.next(at: now) == nil)
    queue.finish(work(1, "a"))
    #expect(queue.next(at: now) == work(3, "a"))
    queue.rest(work(3, "a"), until: now + .seconds(10))
    #expect(queue.next(at: now) == nil)
    #expect(queue.next(at: now + .seconds(10)) == work(3, "a"))
    queue.finish(work(3, "a"))
    #expect(queue.next(at: now) == work(4, "a"))
    queue.finish(work(4, "a"))
    queue.add(work(6, "a"))
    #expect(queue.next(at: now) == work(6, "a"))
    #expect(queue.activeCount == 3 && queue.waitingCount == 0)
  }

  @Test("a resting file is woken when its name is free")
  func whatRestsIsWokenWhenItsNameIsFree() {
    var queue = TakenFileQueue()
    for one in [work(1, "a"), work(2, "b")] { queue.add(one) }
    while let one = queue.next(at: now) { queue.rest(one, until: now + .seconds(300)) }
    queue.wake(Array("b".utf8), at: now)
    #expect(queue.next(at: now) == work(2, "b"))
    #expect(queue.next(at: now) == nil)
    queue.wakeAll(at: now)
    #expect(queue.next(at: now) == work(1, "a"))
  }

  @Test("a resting file is woken by its name in OUT, not by its own")
  func wokenByTheNameOnTheWire() {
    var queue = TakenFileQueue()
    for one in [work(1, "a"), work(2, "a", folder: 1)] { queue.add(one) }
    while let one = queue.next(at: now) { queue.rest(one, until: now + .seconds(300)) }
    func wireName(_ folder: Int, _ name: [UInt8]) -> [UInt8] { name + Array(".\(folder)".utf8) }
    queue.wake(Array("a".utf8), at: now, wireName: wireName)
    #expect(queue.next(at: now) == nil)
    queue.wake(Array("a.1".utf8), at: now, wireName: wireName)
    #expect(queue.next(at: now) == work(2, "a", folder: 1))
    #expect(queue.next(at: now) == nil)
  }

  /// Every file comes out once for each time that it may, in the order of its name, whatever happens to the others.
  @Test("loses and doubles no file in any course", arguments: 1...20) func nothingIsLostOrDoubledByAnyCourse(seed: Int)
  {
    var generator = SystemRandomNumberGenerator()
    var queue = TakenFileQueue()
    var clock = now
    var added: [String: [Int]] = [:]
    var done: [String: [Int]] = [:]
    var active: [TakenFileQueue.Work] = []
    for step in 0..<2000 {
      clock += .milliseconds(10)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        let name = "n\(Int.random(in: 0..<seed, using: &generator))"
        added[name, default: []].append(step)
        queue.add(TakenFileQueue.Work(folder: 0, item: TakenFile(mark: "\(step)", name: name)))
      case 1: if let next = queue.next(at: clock) { active.append(next) }
      case 2:
        guard let index = active.indices.randomElement(using: &generator) else { break }
        let work = active.remove(at: index)
        done[work.item.name, default: []].append(Int(work.item.mark) ?? -1)
        queue.finish(work)
      default:
        guard let index = active.indices.randomElement(using: &generator) else { break }
        queue.rest(active.remove(at: index), until: clock + .milliseconds(Int.random(in: 0..<200, using: &generator)))
      }
      #expect(Set(active.map(\.item.name)).count == active.count)
    }
    for work in active { done[work.item.name, default: []].append(Int(work.item.mark) ?? -1); queue.finish(work) }
    while let work = queue.next(at: clock + .seconds(1)) {
      done[work.item.name, default: []].append(Int(work.item.mark) ?? -1)
      queue.finish(work)
    }
    #expect(done == added)
  }
}
