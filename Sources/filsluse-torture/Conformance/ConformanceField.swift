import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import SystemPackage
import TriggerFiles

/// One case's place: folders of its own on the server, settings, journal and inbox of its own, and a line that can be
/// cut.
struct ConformanceField {
  let server: ServerUnderTest
  let proxy: TCPProxy
  private let name: String
  private let folder: FilePath
  private let command: Command
  private let settings: ExchangeSettings

  /// The user whose direct arrivals are expected.
  private static let sender = "nabo"
  /// The prefix of names in IN that belong to no pair.
  static let strayPrefix = "stray-"

  init(_ name: String, on server: ServerUnderTest, in folder: FilePath, command: Command) throws {
    self.server = server
    self.name = name
    self.folder = folder.appending(name)
    self.command = command
    proxy = try TCPProxy(to: server.port)
    var account = Account(
      name: "flis", host: "127.0.0.1", port: proxy.port, user: server.user, key: server.keyFile,
      hostKeys: .pinned([server.fingerprint]),
      folders: RemoteFolders(in: "\(name)/IN", out: "\(name)/OUT"))
    account.bareFiles = [try FileNamePattern(Self.strayPrefix + "*")]
    settings = ExchangeSettings(
      source: self.folder.appending("filsluse.yaml"), accounts: [account],
      routes: [Route(name: "nabo", account: "flis", kind: .direct(recipients: [Self.sender]))],
      arrivals: [ArrivalRoute(name: "nabo", account: "flis", infRef: nil, senders: [Self.sender])],
      watch: WatchSettings(
        database: self.folder.appending("watch.sqlite"), accountRules: [AccountRule(accounts: ["flis"], mostFiles: 1)]))
    try FileManager.default.createDirectory(atPath: files.string, withIntermediateDirectories: true)
    try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
  }

  /// The folder of the files to send.
  private var files: FilePath { folder.appending("files") }
  private var inbox: FilePath { settings.inbox.appending("flis") }
  var inFolder: FilePath { server.home.appending(name).appending("IN") }
  var outFolder: FilePath { server.home.appending(name).appending("OUT") }
  /// IN and OUT as the server names them.
  var remoteIn: String { "\(name)/IN" }
  var remoteOut: String { "\(name)/OUT" }

  /// Runs the command with this place's settings.
  func run(_ arguments: [String]) async throws -> Command.Outcome {
    try await command.run(arguments + ["--config", settings.source.string, "--json"], in: folder)
  }

  // MARK: Sending

  /// Sends files of these names and sizes, and compares the files in OUT.
  func send(_ sizes: [String: Int]) async throws -> ConformanceOutcome {
    for (name, size) in sizes { try write(Self.content(name, size), to: files.appending(name)) }
    let outcome = try await run(
      ["send"] + sizes.keys.sorted().map { files.appending($0).string } + ["--route", "nabo", "--no-wait"])
    guard outcome.status == .exited(0) else { return Self.failure(outcome) }
    try await Task.sleep(for: server.writeBack)
    var wrong: [String] = []
    for (name, size) in sizes {
      let stored = FileManager.default.contents(atPath: outFolder.appending(name).string)
      if stored != Self.content(name, size) {
        wrong.append("\(name) (\(stored.map { "\($0.count)" } ?? "no") bytes of \(size))")
      }
      let trigger = FileManager.default.contents(atPath: outFolder.appending(name + ".trigger").string) ?? Data()
      if (try? Trigger(reading: [UInt8](trigger)))?.fileDescriptor.sizeInBytes != UInt64(size) {
        wrong.append(name + ".trigger")
      }
    }
    let strangers = Set(Self.names(in: outFolder)).subtracting(sizes.keys.flatMap { [$0, $0 + ".trigger"] })
    if !wrong.isEmpty {
      return ConformanceOutcome(
        word: "damaged",
        detail: "not as sent: \(wrong.sorted()); in OUT: \(Self.names(in: outFolder).sorted())\n\(outcome.errors)")
    }
    return strangers.isEmpty
      ? ConformanceOutcome(word: "ok", detail: outcome.errors)
      : ConformanceOutcome(word: "left over", detail: "too much in OUT: \(strangers.sorted())")
  }

  // MARK: Collecting

  /// Puts a pair into IN on the server's disk.
  static func place(_ name: String, _ size: Int, in folder: FilePath) throws {
    let metadata = try FileMetadata(
      fileTransferUUID: "f1150000-\(name)",
      fileDescriptor: DataFileDescriptor(
        fileName: name, sizeInBytes: UInt64(size), sender: sender, recipients: ["flis"]),
      fileContentDescriptor: .empty)
    let data = folder.appending(name).string
    try content(name, size).write(to: URL(filePath: data))
    // Only an older time stands for the content, so that a fetch may go on where it was cut.
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3_600)], ofItemAtPath: data)
    try Data(metadata.xml()).write(to: URL(filePath: folder.appending(name + ".metadata").string))
  }

  /// Collects the files in IN, and compares the inbox and the rest in IN.
  func collect(_ sizes: [String: Int]) async throws -> ConformanceOutcome {
    let outcome = try await run(["receive"])
    guard outcome.status == .exited(0) else { return Self.failure(outcome) }
    let wrong = sizes.filter {
      FileManager.default.contents(atPath: inbox.appending($0.key).string) != Self.content($0.key, $0.value)
    }
    if !wrong.isEmpty { return ConformanceOutcome(word: "damaged", detail: "not as sent: \(wrong.keys.sorted())") }
    try await Task.sleep(for: server.writeBack)
    let left = Self.names(in: inFolder).filter { !$0.hasPrefix(Self.strayPrefix) }
    return left.isEmpty
      ? ConformanceOutcome(word: "ok", detail: outcome.errors)
      : ConformanceOutcome(word: "not removed", detail: "left in IN: \(left.sorted())")
  }

  // MARK: Files

  /// A file's content, which follows from its name and size.
  static func content(_ name: String, _ size: Int) -> Data {
    let block = Data((0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ name.utf8.count) })
    var bytes = Data(capacity: size + block.count)
    var number: UInt64 = 0
    while bytes.count < size {
      // A number in each block, so that a block in the wrong place is found.
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
      bytes.append(block)
      number += 1
    }
    return bytes.prefix(size)
  }

  private func write(_ content: Data, to file: FilePath) throws {
    try content.write(to: URL(filePath: file.string))
  }

  static func names(in folder: FilePath) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
  }

  /// The outcome of a command that did not succeed: the server's answer, or else the codes of the errors.
  static func failure(_ outcome: Command.Outcome) -> ConformanceOutcome {
    let detail = "\(outcome.status)\n\(outcome.errors)\n\(outcome.output.prefix(4_000))"
    guard case .exited(let status) = outcome.status else { return ConformanceOutcome(word: "hung", detail: detail) }
    let answers = quoted(in: outcome.output, after: "the server answers “", upTo: "”")
    let codes = quoted(in: outcome.output, after: "\"code\" : \"", upTo: "\"")
    let words = answers.isEmpty ? codes : answers
    return ConformanceOutcome(
      word: words.isEmpty ? "exit \(status)" : words.sorted().joined(separator: ", "), detail: detail)
  }

  private static func quoted(in text: String, after opening: String, upTo closing: Character) -> Set<String> {
    var found: Set<String> = []
    var rest = text[...]
    while let range = rest.firstRange(of: opening) {
      rest = rest[range.upperBound...]
      found.insert(String(rest.prefix { $0 != closing }))
    }
    return found
  }
}
