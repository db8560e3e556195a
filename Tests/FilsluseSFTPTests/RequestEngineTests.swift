import FilsluseBase
import Testing

@testable import FilsluseSFTP

/// The engine without a server: what goes out is looked at, what comes in is made up.
@Suite struct RequestEngineTests {
  private let engine: RequestEngine

  init() throws { engine = RequestEngine(wakeUp: try EventFD()) }

  @Test("a server may introduce itself unasked")
  func aServerMayIntroduceItselfUnasked() async throws {
    try feed([2, 0, 0, 0, 3])
    #expect(try await engine.serverHello().version == 3)
  }

  @Test("the client's introduction goes out first, and no ping before the server's has come")
  func nothingBeforeTheIntroduction() async throws {
    let deadlines = Deadlines(idlePing: .zero)
    var liveness = LivenessCheck(deadlines: deadlines, server: "server")
    #expect(sent() == [0, 0, 0, 5, 1, 0, 0, 0, 3])
    // Nobody waits for it yet: the task that opened the connection may be late.
    let limit = try liveness.check(moved: 9, user: engine)
    #expect(limit > ContinuousClock.now)
    #expect(sent().isEmpty)
    try feed([2, 0, 0, 0, 3])
    _ = try liveness.check(moved: 18, user: engine)
    #expect(try sentIDs() == [1])
    #expect(try await engine.serverHello().version == 3)
  }

  @Test("answers find their questions in any order")
  func answersFindTheirQuestionsInAnyOrder() async throws {
    try await greet()
    let first = try engine.submit(.realPath([1]))
    let second = try engine.submit(.realPath([2]))
    #expect(try sentIDs() == [1, 2])
    try feed([103, 0, 0, 0, 2] + string("two"))
    try feed([103, 0, 0, 0, 1] + string("one"))
    let (one, two) = (try await first.data(), try await second.data())
    #expect(one == Array("one".utf8) && two == Array("two".utf8))
    #expect(engine.waitingSince() == nil)
  }

  @Test("requests submitted together are sent in their order")
  func questionsAskedTogetherGoOutInTheirOrder() async throws {
    try await greet()
    #expect(try engine.submit([]).isEmpty)
    let replies = try engine.submit([.realPath([1]), .realPath([2]), .realPath([3])])
    engine.submitAndForget([.close(handle: [1]), .close(handle: [2])])
    #expect(try sentIDs() == [1, 2, 3, 4, 5])
    for (id, text) in zip(UInt8(1)..., ["one", "two", "three"]) { try feed([103, 0, 0, 0, id] + string(text)) }
    for id: UInt8 in 4...5 { try feed([101, 0, 0, 0, id, 0, 0, 0, 0]) }
    var answers: [String] = []
    for reply in replies { answers.append(String(decoding: try await reply.data() ?? [], as: UTF8.self)) }
    #expect(answers == ["one", "two", "three"])
    #expect(engine.waitingSince() == nil)
  }

  @Test("a forgotten open is closed when its handle comes")
  func aForgottenOpenIsClosedWhenItsHandleComes() async throws {
    try await greet()
    do { _ = try engine.submit(.open([1], .read, FileAttributes())) }
    _ = try sentIDs()
    #expect(engine.waitingSince() != nil)
    try feed([102, 0, 0, 0, 1] + string("late"))
    var outgoing: [UInt8] = []
    engine.takeOutgoing(&outgoing)
    #expect(Array(outgoing.dropFirst(4)) == [4, 0, 0, 0, 2] + string("late"))
  }

  @Test("an open answered before it is forgotten is closed too")
  func anOpenAnsweredBeforeItIsForgottenIsClosedToo() async throws {
    try await greet()
    do {
      let opening = try engine.submit(.open([1], .read, FileAttributes()))
      try feed([102, 0, 0, 0, 1] + string("early"))
      _ = try sentIDs()
      withExtendedLifetime(opening) {}
    }
    #expect(try sentIDs() == [2])
  }

  @Test("sends requests that waited for the server in order and in bounded pieces")
  func whatWaitsIsHandedOverInPieces() async throws {
    try await greet()
    let writes = (0..<64).map { index in
      Request.write(
        handle: [7], offset: UInt64(index) << 15, [UInt8](repeating: UInt8(index), count: WriteFlight.requestSize)[...])
    }
    let replies = try writes.map { try engine.submit($0) }
    var expected = PacketWriter()
    for (index, request) in writes.enumerated() { request.write(id: UInt32(index) + 1, to: &expected) }
    var handedOver: [UInt8] = []
    var piece: [UInt8] = []
    repeat {
      handedOver += piece
      piece.removeAll(keepingCapacity: true)
      engine.takeOutgoing(&piece)
      #expect(piece.count <= 320 << 10)
    } while !piece.isEmpty
    #expect(handedOver == expected.bytes)
    withExtendedLifetime(replies) {}
  }

  @Test(
    "the answers that have come are handed out together, also when the connection has ended, and no byte is left out")
  func whatHasComeIsHandedOutTogether() async throws {
    try await greet()
    let size = WriteFlight.requestSize
    var flight = ReadFlight(engine: engine, handle: [7], from: 0, limit: FairShare(of: 5))
    flight.end = UInt64(9 * size)
    try flight.ask(atMost: 5)
    #expect(try sentIDs() == [1, 2, 3, 4, 5])
    for id: UInt8 in [1, 2, 4] { try feed(data(answering: id, count: size)) }
    let first = try await flight.next()
    #expect(first?.count == 2 * size && flight.position == UInt64(2 * size))
    // The third has not come, and the fifth comes in part.
    try feed(data(answering: 3, count: size))
    try feed(data(answering: 5, count: size - 1))
    engine.ended(with: SFTPError(.connectionLost, "test", nil))
    let second = try await flight.next()
    #expect(second?.count == 2 * size && flight.position == UInt64(4 * size))
    await expectError(.connectionLost) { _ = try await flight.next() }
    #expect(flight.position == UInt64(4 * size))
  }

  /// A DATA packet.
  private func data(answering id: UInt8, count: Int) -> [UInt8] {
    [103, 0, 0, 0, id] + withUnsafeBytes(of: UInt32(count).bigEndian, Array.init)
      + [UInt8](repeating: id, count: count)
  }

  @Test("an answer without a request ends the connection")
  func anAnswerToNothingEndsTheConnection() async throws {
    try await greet()
    #expect(throws: SFTPError.self) { try feed([101, 0, 0, 0, 99, 0, 0, 0, 0]) }
    let pending = try engine.submit(.realPath([1]))
    try feed([103, 0, 0, 0, 1] + string("x"))
    #expect(throws: SFTPError.self) { try feed([103, 0, 0, 0, 1] + string("again")) }
    withExtendedLifetime(pending) {}
  }

  @Test("the end of the connection reaches every waiting request")
  func theEndReachesEverybody() async throws {
    try await greet()
    let engine = engine
    let waiting = try engine.submit(.realPath([1]))
    let task = Task { try await waiting.data() }
    let unasked = try engine.submit(.realPath([2]))
    try await Task.sleep(for: .milliseconds(50))
    engine.ended(with: SFTPError(.connectionLost, "test", nil))
    await expectError(.connectionLost) { _ = try await task.value }
    await expectError(.connectionLost) { _ = try await unasked.data() }
    await expectError(.connectionLost) { _ = try engine.submit(.realPath([3])) }
    await expectError(.connectionLost) { _ = try engine.submit([.realPath([4]), .realPath([5])]) }
    await expectError(.connectionLost) { _ = try await engine.serverHello() }
  }

  /// The first is answered, so that the second is the one that is being waited for.
  @Test("the end of a connection names the oldest request")
  func theEndSaysWhoseRequestItWas() async throws {
    try await greet()
    let engine = engine
    let pending = try (1...3).map { try engine.submit(.realPath([$0])) }
    try feed([103, 0, 0, 0, 1] + string("one"))
    let waiting = pending.dropFirst().map { reply in
      Task { () -> Bool? in
        do throws(SFTPError) { _ = try await reply.data() } catch { return error.isOfAnother }
        return nil
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    engine.ended(with: SFTPError(.timedOut, "test", nil))
    #expect(await waiting[0].value == false)
    #expect(await waiting[1].value == true)
    #expect(try await pending[0].data() == Array("one".utf8))
    #expect { _ = try engine.submit(.realPath([4])) } throws: { ($0 as? SFTPError)?.isOfAnother == true }
  }

  @Test("an answer of the wrong kind is refused")
  func anAnswerOfTheWrongKindIsRefused() async throws {
    try await greet()
    let reply = try engine.submit(.open([1], .read, FileAttributes()))
    try feed([103, 0, 0, 0, 1] + string("data"))
    await expectError(.protocolViolation) { _ = try await reply.handle() }
  }

  @Test("the clock of a request starts when the one before is done")
  func theClockOfARequestStartsWhenTheOneBeforeIsDone() async throws {
    try await greet()
    let replies = try (0..<2).map { _ in try engine.submit(.realPath([1])) }
    let first = try #require(engine.waitingSince())
    try await Task.sleep(for: .milliseconds(20))
    try feed([103, 0, 0, 0, 1] + string("x"))
    let second = try #require(engine.waitingSince())
    #expect(second - first >= .milliseconds(20))
    withExtendedLifetime(replies) {}
  }

  private func greet() async throws {
    let engine = engine
    let hello = Task { try await engine.serverHello() }
    #expect(sent() == [0, 0, 0, 5, 1, 0, 0, 0, 3])
    try feed([2, 0, 0, 0, 3])
    #expect(try await hello.value.version == 3)
  }

  /// The bytes that wait to be sent.
  private func sent() -> [UInt8] {
    var outgoing: [UInt8] = []
    engine.takeOutgoing(&outgoing)
    return outgoing
  }

  private func feed(_ packet: [UInt8]) throws {
    let bytes = withUnsafeBytes(of: UInt32(packet.count).bigEndian, Array.init) + packet
    let outcome = bytes.withUnsafeBytes { bytes in Result { try engine.received(bytes) } }
    engine.wake()
    try outcome.get()
  }

  /// The numbers of the requests that wait to be sent.
  private func sentIDs() throws -> [UInt32] {
    let outgoing = sent()
    var assembler = PacketAssembler()
    outgoing.withUnsafeBytes { assembler.append($0) }
    var ids: [UInt32] = []
    while let packet = try assembler.next() {
      var reader = PacketReader(packet, from: 1)
      ids.append(try reader.uint32())
    }
    return ids
  }
}
