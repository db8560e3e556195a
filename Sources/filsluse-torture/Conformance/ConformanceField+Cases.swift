import FilsluseSFTP
import FoundationEssentials
import LocalPlatform
import Logging
import SystemPackage

// The cases themselves.
extension ConformanceField {
  /// Three small files.
  private static let few = ["a.csv": 11, "b.xml": 40_000, "c.bin": 300_001]
  private static let danish = ["Løn og æble på Åen.csv": 1_234, "ÆØÅ æøå.xml": 0]
  private static let large = "stor.bin"

  /// Puts what a case needs into its folders on the server, before the server has seen them.
  static func prepare(_ subject: ConformanceCase, _ load: ConformanceLoad, in home: FilePath) throws {
    let folder = home.appending(subject.rawValue)
    let inFolder = folder.appending("IN")
    for place in [inFolder, folder.appending("OUT")] {
      try FileManager.default.createDirectory(atPath: place.string, withIntermediateDirectories: true)
    }
    for (name, size) in arrivals(of: subject, load) { try place(name, size, in: inFolder) }
    if subject == .crowd {
      for number in 2..<load.names {
        try Data("x".utf8).write(to: URL(filePath: inFolder.appending("\(strayPrefix)\(number).csv").string))
      }
    }
  }

  /// The pairs that lie in IN.
  private static func arrivals(of subject: ConformanceCase, _ load: ConformanceLoad) -> [String: Int] {
    switch subject {
    case .send, .inPlace, .resumeSend: [:]
    case .collect: few
    case .watch: few
    case .resumeCollect: [large: load.cut]
    case .empty: ["tom.csv": 0]
    case .large: [large: load.large]
    case .danish: danish
    case .crowd: ["c.bin": 300_001]
    }
  }

  /// Runs a case.
  func run(_ subject: ConformanceCase, _ load: ConformanceLoad) async throws -> ConformanceOutcome {
    do {
      return try await outcome(of: subject, load)
    } catch let error as SFTPError {
      return ConformanceOutcome(word: error.code.rawValue, detail: "\(error)")
    }
  }

  private func outcome(of subject: ConformanceCase, _ load: ConformanceLoad) async throws -> ConformanceOutcome {
    let arrivals = Self.arrivals(of: subject, load)
    return switch subject {
    case .send: try await send(Self.few)
    case .inPlace: try await writeInPlace()
    case .collect: try await collect(arrivals)
    case .resumeSend: try await resumed(.toServer, load) { try await send([Self.large: load.cut]) }
    case .resumeCollect: try await resumed(.toClient, load) { try await collect(arrivals) }
    case .empty, .large, .danish: try await both(arrivals)
    case .crowd: try await collectAmong(load.names, arrivals)
    case .watch: try await watch()
    }
  }

  /// Sends files, and collects others of the same names and sizes.
  private func both(_ sizes: [String: Int]) async throws -> ConformanceOutcome {
    let (sent, collected) = (try await send(sizes), try await collect(sizes))
    let (sentWord, collectedWord) = (sent.word, collected.word)
    if sentWord == collectedWord {
      return ConformanceOutcome(word: sentWord, detail: [sent.detail, collected.detail].joined(separator: "\n"))
    }
    return ConformanceOutcome(
      word: "sent: \(sentWord); collected: \(collectedWord)",
      detail: [sent.detail, collected.detail].joined(separator: "\n"))
  }

  /// Cuts the connection of a transfer, and finds out if the file was continued where it stopped.
  private func resumed(
    _ direction: TCPProxy.Direction, _ load: ConformanceLoad, _ transfer: () async throws -> ConformanceOutcome
  ) async throws -> ConformanceOutcome {
    proxy.cut(direction, after: load.cut / 10 * 6, .reset)
    let outcome = try await transfer()
    guard outcome.word == "ok" else { return outcome }
    if proxy.awaitsCut { return ConformanceOutcome(word: "not cut") }
    // From the first byte on it carries 1.6 times the file; where it stopped, the file and what was under way.
    let isFromStart = proxy.carried(direction) > load.cut / 10 * 15
    return isFromStart ? ConformanceOutcome(word: "ok, from the first byte", detail: outcome.detail) : outcome
  }

  /// Writes under the final name, over an older and longer file, and reads back.
  private func writeInPlace() async throws -> ConformanceOutcome {
    let quiet = Logger(label: "conformance") { _ in SwiftLogNoOpLogHandler() }
    let (older, newer) = (Self.content("older", 200_000), Self.content("newer", 100_001))
    let path = RemotePath("\(remoteOut)/d.bin")
    let back = try await withSFTPClient(server.endpoint(port: proxy.port), logger: quiet) { client in
      for content in [older, newer] { _ = try await client.upload(BytesSource([UInt8](content)), to: path) }
      return try await client.read(path, limit: 1 << 20)
    }
    try await Task.sleep(for: server.writeBack)
    let stored = FileManager.default.contents(atPath: outFolder.appending("d.bin").string)
    guard Data(back) == newer, stored == newer else {
      return ConformanceOutcome(
        word: "damaged", detail: "\(newer.count) bytes sent, \(back.count) read back, \(stored?.count ?? -1) stored")
    }
    return .ok
  }

  /// Lists a crowded IN, and collects the pair in it.
  private func collectAmong(_ count: Int, _ sizes: [String: Int]) async throws -> ConformanceOutcome {
    let quiet = Logger(label: "conformance") { _ in SwiftLogNoOpLogHandler() }
    let entries = try await withSFTPClient(server.endpoint(port: proxy.port), logger: quiet) { client in
      try await client.list(RemotePath(remoteIn))
    }
    let names = Set(entries.map(\.name))
    guard entries.count == count, names.count == count else {
      return ConformanceOutcome(
        word: "not all listed", detail: "\(entries.count) entries with \(names.count) names, of \(count)")
    }
    return try await collect(sizes)
  }

  /// Looks into IN once.
  private func watch() async throws -> ConformanceOutcome {
    let outcome = try await run(["watch", "--once"])
    switch outcome.status {
    case .exited(1), .exited(2):
      return outcome.output.contains("too-many-files")
        ? .ok : ConformanceOutcome(word: "other finding", detail: outcome.output)
    case .exited(0): return ConformanceOutcome(word: "nothing found", detail: outcome.output)
    default: return Self.failure(outcome)
    }
  }
}
