import ExchangeSettings
import FilsluseBase
import FilsluseSFTP
import FoundationEssentials
import Logging
import SystemPackage
import TriggerFiles

// The login key, and the server's host keys.
extension Init {
  /// The public half of the key, which is made where it is missing.
  func publicKey(_ setUp: SetUp) async throws -> String {
    guard let file = LocalPath.resolve(setUp.keyFile.string, in: folder) else {
      throw failure(.usage, "--key \(setUp.keyFile) names no file", "--key \(setUp.keyFile) nævner ingen fil")
    }
    let publicFile = FilePath(file.string + ".pub")
    if InputFile.exists(file) {
      note(kept: file)
      try checkService(reads: file)
    } else if InputFile.exists(publicFile) {
      throw failure(
        .badData, "\(publicFile) is there, and its private key is not: put that beside it, or name another --key",
        "\(publicFile) er der, og dens private nøgle er ikke: læg den ved siden af, eller angiv en anden --key")
    } else {
      try await makeKey(file, for: setUp.user)
      say("\(file) and its .pub are made", "\(file) og dens .pub er lavet")
    }
    let reading = ["ssh-keygen", "-y", "-P", "", "-f", file.string]
    guard InputFile.exists(publicFile) else {
      return Self.line(Array(try await run(reading, Self.readPublicHalf).utf8))
    }
    let beside = Self.line(try InputFile.read(publicFile, upTo: 1 << 16))
    // A key with a passphrase shows its public half only to those who know it.
    let shown = await Program(arguments: reading, timeout: .seconds(120)).run()
    func key(_ line: String) -> [Substring] { Array(line.split(separator: " ").prefix(2)) }
    guard !shown.isSuccess || key(shown.output.text.trimmed) == key(beside) else {
      throw failure(
        .badData, "\(publicFile) is the public half of another key than \(file)",
        "\(publicFile) er den offentlige del af en anden nøgle end \(file)")
    }
    return beside
  }

  /// Makes a key, which gets its name only as the service's own and whole: a command that is stopped leaves no key that
  /// root alone can read. It is made in a folder that no other user can look into or exchange.
  private func makeKey(_ file: FilePath, for user: String) async throws {
    try makeFolder(file.removingLastComponent(), mode: 0o700)
    let folder = try TemporaryFolder.make(named: "filsluse-key")
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let made = folder.appending("key")
    try await run(
      ["ssh-keygen", "-q"] + keyType.arguments + ["-N", "", "-C", user, "-f", made.string],
      LocalizedText("make a key", "lave en nøgle"))
    try place(made, as: file, isSecret: true)
    try place(FilePath(made.string + ".pub"), as: FilePath(file.string + ".pub"), isSecret: false)
  }

  /// Copies a new half of the key to its place.
  private func place(_ made: FilePath, as path: FilePath, isSecret: Bool) throws(CommandFailure) {
    let service = service
    do throws(NewFileError) {
      try NewFile.write(to: path, permissions: isSecret ? 0o600 : 0o644) { target, _ in
        let source = try PlainFile.open(made)
        let content = try source.closeAfter { try SecretBytes(contentOf: source, upTo: 1 << 16) }
        _ = try content.withBytes { bytes in Result { try target.writeAll(bytes) } }.get()
        if isSecret { try service?.give(target, mode: 0o600) } else { try service?.share(target) }
      }
    } catch {
      throw failure(
        .localIO, "\(path) is not written: \(error); \(error.remedy)",
        "\(path) er ikke skrevet: \(error.shown); \(error.shownRemedy)")
    }
  }

  /// Refuses a key that the service cannot read, where root sets up its folder. It may be another one's key, so that its
  /// owner is not changed unasked.
  private func checkService(reads key: FilePath) throws(CommandFailure) {
    guard let service, !service.canRead(key) else { return }
    let (name, command) = (service.name, "chown \(service.name): \(key) && chmod 600 \(key)")
    throw failure(
      .localIO,
      "the service's user \(name) cannot read \(key): if it is the service's key, \(command), and let that user through the folders above it; otherwise name another --key",
      "tjenestens bruger \(name) kan ikke læse \(key): er det tjenestens nøgle, så kør \(command), og lad brugeren komme gennem mapperne over den; angiv ellers en anden --key"
    )
  }

  private static let readPublicHalf = LocalizedText(
    "read the public half of the key", "læse nøglens offentlige del")

  private static func line(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).trimmed
  }

  @discardableResult
  private func run(_ arguments: [String], _ what: LocalizedText) async throws(CommandFailure) -> String {
    let report = await Program(arguments: arguments, timeout: .seconds(120)).run()
    guard report.isSuccess else {
      throw failure(
        .localIO,
        "ssh-keygen could not \(what.en): \(report.summary); put the public half beside the key as .pub, or name another --key",
        "ssh-keygen kunne ikke \(what.da): \(report.summary); læg den offentlige del ved siden af nøglen som .pub, eller angiv en anden --key"
      )
    }
    return report.output.text
  }

  /// The fingerprints of the host keys that the server shows, once a person has compared them.
  func comparedFingerprints(of setUp: SetUp, _ dialogue: Dialogue?) async throws -> [String] {
    let facts = try await SFTPClient.scanHostKeys(
      host: setUp.host, port: setUp.port, logger: CommandLogger.make(from: .error))
    let keys = facts.hostKeys
    let heading = LocalizedText(
      "\(setUp.host), port \(setUp.port), shows these host keys:",
      "\(setUp.host), port \(setUp.port), viser disse værtsnøgler:")
    Output.note(Printable.text(heading[language.chosen]))
    for key in keys { Output.note("  \(key.type) \(key.fingerprint)") }
    guard let dialogue else {
      throw failure(
        .keyRefused,
        "a host key is not trusted unseen: compare these with what the operator gives you by another way, and say --fingerprint SHA256:… in the same command again",
        "en værtsnøgle stoles der ikke på uset: sammenlign disse med det, den driftsansvarlige giver jer ad anden vej, og angiv --fingerprint SHA256:… i samme kommando igen"
      )
    }
    let isCompared = try dialogue.confirms(
      LocalizedText(
        "Are these the fingerprints that the server's operator gave you by another way?",
        "Er det de fingeraftryk, som serverens driftsansvarlige har givet jer ad anden vej?"))
    guard isCompared else {
      throw failure(
        .keyRefused, "no host key is trusted, and filsluse.yaml is not written; the same command goes on from here",
        "ingen værtsnøgle er godkendt, og filsluse.yaml er ikke skrevet; samme kommando går videre herfra")
    }
    return keys.map(\.fingerprint.description)
  }
}
