import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

// The login key.
extension Init {
  /// Compares keys and UUIDs with those of the other environments' settings.
  ///
  /// - Throws: `CommandFailure` for one that is used in both environments.
  func compareWithOthers(_ settings: ExchangeSettings) throws {
    for file in otherSettings {
      let other = try ExchangeSettings.load(FilePath(file))
      guard let finding = settings.sharedWithOtherEnvironment(of: other).first else { continue }
      throw failure(
        .badData, "\(file): \(finding.message.en)", "\(file): \(finding.message.da)",
        remedy: finding.remedy)
    }
  }

  /// The public half of the key, which is made where it is missing.
  func publicKey(_ setUp: SetUp) async throws -> String {
    guard let file = LocalPath.resolve(setUp.keyFile.string, in: folder) else {
      throw failure(.usage, "--key \(setUp.keyFile) names no file", "--key \(setUp.keyFile) nævner ingen fil")
    }
    NewFile.removeAbandonedDrafts(in: file.removingLastComponent())
    let publicFile = FilePath(file.string + ".pub")
    if InputFile.exists(file) {
      try removeKeyDraft(in: file.removingLastComponent())
      note(kept: file)
    } else if InputFile.exists(publicFile) {
      throw failure(
        .badData, "\(publicFile) is there, and its private key is not: put that beside it, or name another --key",
        "\(publicFile) er der, og dens private nøgle er ikke: læg den ved siden af, eller angiv en anden --key")
    } else {
      try await makeKey(file, for: setUp.user, keyType ?? (setUp.isTrial ? .ed25519 : .rsa))
      say("\(file) and its .pub are made", "\(file) og dens .pub er lavet")
    }
    try checkService(reads: file)
    let reading = ["ssh-keygen", "-y", "-P", "", "-f", file.string]
    guard InputFile.exists(publicFile) else {
      return Self.line(Array(try await run(reading, Self.readPublicHalf).utf8))
    }
    let beside = Self.line(try InputFile.read(publicFile, upTo: 1 << 16))
    // The public half of a key with a passphrase cannot be read without it.
    let shown = await Program(arguments: reading, timeout: .seconds(120)).run()
    func key(_ line: String) -> [Substring] { Array(line.split(separator: " ").prefix(2)) }
    guard !shown.isSuccess || key(shown.output.text.trimmed) == key(beside) else {
      throw failure(
        .badData, "\(publicFile) is the public half of another key than \(file)",
        "\(publicFile) er den offentlige del af en anden nøgle end \(file)")
    }
    return beside
  }

  /// Creates a key. It gets its final name only when it is complete and belongs to the service, so that an interrupted
  /// command leaves no key there that only root can read.
  private func makeKey(_ file: FilePath, for user: String, _ type: KeyType) async throws {
    try makeFolder(file.removingLastComponent(), mode: 0o700)
    let folder = try keyDraft(in: file.removingLastComponent())
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let made = folder.appending("key")
    try await run(
      ["ssh-keygen", "-q"] + type.arguments + ["-N", "", "-C", user, "-f", made.string],
      LocalizedText("make a key", "lave en nøgle"))
    try place(made, as: file, isSecret: true)
    try place(FilePath(made.string + ".pub"), as: FilePath(file.string + ".pub"), isSecret: false)
  }

  /// Creates a folder for a new key that only the running user can read: in the key's own folder, replacing that of a
  /// killed command. If the service owns that folder, it is created in `/tmp`, because there the service cannot replace
  /// root's files.
  private func keyDraft(in folder: FilePath) throws -> FilePath {
    if let service, !service.onlyReads { return try TemporaryFolder.make(named: "filsluse-key", in: "/tmp") }
    try removeKeyDraft(in: folder)
    let draft = folder.appending(Self.keyDraftName)
    guard mkdir(draft.string, 0o700) == 0 else {
      let reason = Errno(rawValue: errno).words
      throw failure(.localIO, "\(draft) cannot be made: \(reason.en)", "\(draft) kan ikke oprettes: \(reason.da)")
    }
    return draft
  }

  private static let keyDraftName = ".filsluse-key"

  /// Removes the folder that a command killed while it made a key has left, which may hold a copy of the key.
  private func removeKeyDraft(in folder: FilePath) throws {
    let draft = folder.appending(Self.keyDraftName)
    guard service?.onlyReads ?? true, InputFile.exists(draft) else { return }
    try FileManager.default.removeItem(atPath: draft.string)
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
        .localIO, "\(path) is not written: \(error)", "\(path) er ikke skrevet: \(error.shown)",
        remedy: LocalizedText(error.remedy, error.shownRemedy))
    }
  }

  /// Refuses a key that the service cannot read, where root sets up its folder. It may be another one's key, so that
  /// its owner is not changed unasked; and a new one may be in a folder that was there and that the service cannot get
  /// into.
  private func checkService(reads key: FilePath) throws(CommandFailure) {
    guard let service, !service.canRead(key) else { return }
    let word = ShellWord.quoted(key.string)
    let (name, command) = (service.name, "chown \(service.name): \(word) && chmod 600 \(word)")
    throw failure(
      .localIO,
      "the service's user \(name) cannot read \(key)", "tjenestens bruger \(name) kan ikke læse \(key)",
      remedy: LocalizedText(
        "if it is the service's key, \(command), and let that user through the folders above it; otherwise name another --key",
        "er det tjenestens nøgle, så kør \(command), og lad brugeren komme gennem mapperne over den; angiv ellers en anden --key"
      ))
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
        "ssh-keygen could not \(what.en): \(report.summary)", "ssh-keygen kunne ikke \(what.da): \(report.summary)",
        remedy: LocalizedText(
          "put the public half beside the key as .pub, or name another --key",
          "læg den offentlige del ved siden af nøglen som .pub, eller angiv en anden --key")
      )
    }
    return report.output.text
  }
}
