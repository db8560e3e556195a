import Testing

@testable import FilsluseSFTP

@Suite struct CodecTests {
  @Test("writes requests as the protocol wants")
  func writesRequestsAsTheProtocolWants() {
    var writer = PacketWriter()
    Request.open(Array("a/å".utf8), .replace, FileAttributes(permissions: 0o640)).write(id: 7, to: &writer)
    #expect(
      writer.bytes == [
        0, 0, 0, 25, 3, 0, 0, 0, 7, 0, 0, 0, 4, 0x61, 0x2F, 0xC3, 0xA5, 0, 0, 0, 0x1A, 0, 0, 0, 4, 0, 0, 1, 0xA0,
      ])
    writer = PacketWriter()
    Request.write(handle: [9], offset: 0x1_0000_0002, [1, 2][...]).write(id: 1, to: &writer)
    #expect(
      writer.bytes == [0, 0, 0, 24, 6, 0, 0, 0, 1, 0, 0, 0, 1, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2])
    writer = PacketWriter()
    Request.posixRename([1], to: [2]).write(id: 1, to: &writer)
    #expect(writer.bytes[4] == 200)
    #expect(writer.bytes.count == 4 + 5 + 4 + 24 + 5 + 5)
  }

  @Test("reads each kind of answer")
  func readsEachKindOfAnswer() throws {
    #expect(try Reply.read([101, 0, 0, 0, 1, 0, 0, 0, 2]).reply == .status(ServerStatus(number: 2, message: "")))
    #expect(try Reply.read([102, 0, 0, 0, 1, 0, 0, 0, 1, 5]).reply == .handle([5]))
    #expect(try Reply.read([103, 0, 0, 0, 1, 0, 0, 0, 2, 5, 6]).reply == .data([5, 6]))
    let attributes = try Reply.read([105, 0, 0, 0, 9, 0, 0, 0, 0])
    #expect(attributes.id == 9 && attributes.reply == .attributes(FileAttributes()))
  }

  @Test(
    "takes numbers of later SFTP versions by their meaning, and says it where the server sends no text",
    arguments: [
      (2, "", SFTPError.Code.noSuchFile, "status 2", "med status 2"),
      (10, "", .noSuchFile, "status 10, there is no such path", "med status 10, stien findes ikke"),
      (12, "", .permissionDenied, "status 12, it is write-protected", "med status 12, der er skrivebeskyttet"),
      (14, "", .failure, "status 14, there is no space left", "med status 14, der er ikke mere plads"),
      (15, "kvote", .failure, "“kvote” (15)", "„kvote“ (15)"),
      (19, "", .noSuchFile, "status 19, it is not a folder", "med status 19, det er ikke en mappe"),
      (22, "", .failure, "status 22, it cannot be removed", "med status 22, den kan ikke slettes"),
      (5, "", .failure, "status 5, the request has a wrong form", "med status 5, forespørgslen har en forkert form"),
      (99, "", .failure, "status 99", "med status 99"),
    ] as [(UInt32, String, SFTPError.Code, String, String)])
  func laterStatuses(number: UInt32, text: String, code: SFTPError.Code, english: String, danish: String) {
    let error = ServerStatus(number: number, message: text).error
    #expect(error.code == code && error.serverStatus == number)
    #expect(error.message == "the server answers \(english)" && error.danish == "serveren svarer \(danish)")
  }

  @Test(
    "reads the room of a file system; more than 64 bits hold is the most, and not what is left of it",
    arguments: [
      (4096, 1000, 10, 0, 40_960, 4_096_000, false), (4096, 1000, 0, 1, 0, 4_096_000, true),
      (1 << 12, 1 << 52, 1 << 52, 0, .max, .max, false), (4096, .max, .max, 0, .max, .max, false),
    ] as [(UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, Bool)])
  func space(
    unit: UInt64, all: UInt64, free: UInt64, flags: UInt64, available: UInt64, total: UInt64, isReadOnly: Bool
  ) throws {
    let numbers: [UInt64] = [512, unit, all, 7, free, 0, 0, 0, 9, flags, 255]
    let packet: [UInt8] = [201, 0, 0, 0, 1] + numbers.flatMap { withUnsafeBytes(of: $0.bigEndian, Array.init) }
    guard case .space(let space) = try Reply.read(packet).reply else {
      Issue.record("no room")
      return
    }
    #expect(space.available == available && space.total == total && space.isReadOnly == isReadOnly)
    #expect(throws: MalformedPacket.self) { try Reply.read(Array(packet.dropLast(16))) }
  }

  @Test("skips extended attributes")
  func skipsExtendedAttributes() throws {
    var packet: [UInt8] = [104, 0, 0, 0, 1, 0, 0, 0, 2]
    for name in ["en", "to"] {
      packet += string(name) + string("-rw-r--r-- long name")
      packet +=
        [0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 2] + string("a@b") + string("x") + string("c@d") + string("")
    }
    guard case .names(let names) = try Reply.read(packet).reply else {
      Issue.record("no names")
      return
    }
    #expect(names.map(\.name) == [Array("en".utf8), Array("to".utf8)])
    #expect(names.allSatisfy { $0.attributes == FileAttributes(size: 5, permissions: 0o100644) })
  }

  @Test(
    "refuses packets that promise more than they hold",
    arguments: [
      [], [101], [101, 0, 0, 0], [250, 0, 0, 0, 1], [102, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF],
      [103, 0, 0, 0, 1, 0, 0, 0, 9, 1], [104, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF], [105, 0, 0, 0, 1, 0, 0, 0, 1, 0],
      [105, 0, 0, 0, 1, 0x80, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [2, 0, 0, 0],
    ])
  func refusesPacketsThatPromiseMoreThanTheyHold(packet: [UInt8]) {
    #expect(throws: MalformedPacket.self) { try Reply.read(packet) }
    #expect(throws: MalformedPacket.self) { try ServerHello(packet: packet) }
  }

  @Test("a handle has at most 256 bytes")
  func aHandleIsAtMost256Bytes() {
    let handle = [UInt8](repeating: 1, count: 257)
    #expect(throws: MalformedPacket.self) { try Reply.read([102, 0, 0, 0, 1, 0, 0, 1, 1] + handle) }
  }

  @Test("reads the server's introduction")
  func readsTheServersIntroduction() throws {
    let hello = try ServerHello(packet: [2, 0, 0, 0, 3] + string("fsync@openssh.com") + string("1"))
    #expect(hello.version == 3)
    #expect(hello.extensions == [.sync])
  }

  @Test("puts packets together from any pieces")
  func putsPacketsTogetherFromAnyPieces() throws {
    let packets: [[UInt8]] = [[101, 1], [104] + [UInt8](repeating: 3, count: 300_000), [103], [105, 2, 3]]
    let stream = packets.flatMap { packet in withUnsafeBytes(of: UInt32(packet.count).bigEndian, Array.init) + packet }
    for size in [1, 2, 3, 7, 1000, 100_000, stream.count] {
      var assembler = PacketAssembler()
      var found: [[UInt8]] = []
      for start in stride(from: 0, to: stream.count, by: size) {
        stream[start..<min(start + size, stream.count)].withUnsafeBytes { assembler.append($0) }
        while let packet = try assembler.next() { found.append(packet) }
      }
      #expect(found == packets)
      #expect(!assembler.isInsidePacket)
    }
  }

  @Test(
    "refuses packets that are too long before they come",
    arguments: [
      [0, 0, 0, 0, 101], [0, 4, 0, 1, 103], [0xFF, 0xFF, 0xFF, 0xFF, 101], [1, 0, 0, 1, 104],
    ])
  func refusesPacketsThatAreTooLongBeforeTheyCome(start: [UInt8]) {
    var assembler = PacketAssembler()
    start.withUnsafeBytes { assembler.append($0) }
    #expect(throws: MalformedPacket.self) { try assembler.next() }
  }
}

extension CodecTests {
  @Test(
    "takes a file's type from its line in a listing where the attributes leave it out",
    arguments: [
      ("drwxr-x--- 2 flis flis 4096 Nov 29 02:10 arkiv", nil, 0o040750),
      ("-rw-r--r--+ 1 flis flis 5 Nov 29 02:10 d.csv", nil, 0o100644),
      ("drwxrwxrwt 9 root root 0 Nov 29 02:10 tmp", 0o600, 0o040600),
      // Attributes with a type count, and a name that looks like the beginning of a line is none.
      ("drwxr-xr-x 2 a b 0 Nov 29 02:10 x", 0o100600, 0o100600), ("data.csv", nil, nil), ("drwxrwxrwxudtræk", nil, nil),
      ("d", nil, nil), ("", nil, nil),
    ] as [(String, UInt32?, UInt32?)])
  func longNames(line: String, said: UInt32?, mode: UInt32?) throws {
    let attributes = said.map { withUnsafeBytes(of: $0.bigEndian, Array.init) } ?? []
    let packet =
      [104, 0, 0, 0, 1, 0, 0, 0, 1] + string("name") + string(line) + [0, 0, 0, said == nil ? 0 : 4] + attributes
    guard case .names(let names) = try Reply.read(packet).reply else {
      Issue.record("no names")
      return
    }
    #expect(names.map(\.attributes.permissions) == [mode])
  }
}

/// A string as SFTP writes it.
func string(_ text: String) -> [UInt8] {
  withUnsafeBytes(of: UInt32(text.utf8.count).bigEndian, Array.init) + Array(text.utf8)
}
