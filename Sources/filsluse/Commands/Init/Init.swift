import ArgumentParser
import ExchangeSettings
import FilsluseBase
import FilsluseSFTP
import FoundationEssentials
import Logging
import SystemPackage
import TriggerFiles

/// `filsluse init`: from an empty folder to a first account.
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Set up a first account: key, settings, list of routes, and the texts to send to others.",
    discussion: """
      On a terminal it asks for what the options do not say. It makes an SSH key (or takes yours), writes into the folder \
      texts the mails and forms for the InfRef, the key, the routes and the monitoring, in Danish and ready to paste, \
      shows the server's host keys to be compared, writes filsluse.yaml and routes.csv, and runs filsluse check. \
      No file is ever overwritten; stopped anywhere, the same command goes on.

      Without a terminal a host key is only trusted if its fingerprint is given. To try the routes before anything is \
      ordered: filsluse routes platform.
      """)

  @Option(help: ArgumentHelp("The folder to set up.", valueName: "dir"))
  var directory = "."

  @Option(help: ArgumentHelp("external-test, production, or the name of another server.", valueName: "host"))
  var host: String?

  @Option(help: "The server's port.")
  var port: UInt16 = 22

  @Option(help: "The SFTP user.")
  var user: String?

  @Option(help: ArgumentHelp("The UUID of your IT-system instance.", valueName: "uuid"))
  var itSystem: String?

  @Option(help: ArgumentHelp("The CVR number that files are sent for.", valueName: "cvr"))
  var authority: String?

  @Option(
    help: ArgumentHelp("The private SSH key; made where there is none. By default keys/USER.", valueName: "file"))
  var key: String?

  @Option(help: "The kind of key that is made: rsa, which the platform is known to take, or ed25519.")
  var keyType: KeyType = .rsa

  @Option(help: "The InfRef, if it is assigned already.")
  var infref: String?

  @Option(help: ArgumentHelp("A short name for the receiving system; flis unless given.", valueName: "name"))
  var receiver: String?

  @Option(help: ArgumentHelp("The UUID of the receiving IT-system.", valueName: "uuid"))
  var recipientItSystem: String?

  @Option(help: ArgumentHelp("A municipality with its CVR number; may be repeated.", valueName: "0751=55133018"))
  var municipality: [String] = []

  @Option(help: ArgumentHelp("Whom others may ask: name, telephone, mailbox.", valueName: "text"))
  var contact: String?

  @Option(
    help: ArgumentHelp(
      "The fingerprint of the server's host key, as its operator gave it; may be repeated.", valueName: "SHA256:…"))
  var fingerprint: [String] = []

  @Flag(help: "Do not try the connection at the end.")
  var withoutCheck = false

  @OptionGroup var language: LanguageOptions

  /// The kinds of keys that are made.
  enum KeyType: String, ExpressibleByArgument, CaseIterable {
    case rsa, ed25519

    var arguments: [String] { self == .rsa ? ["-t", "rsa", "-b", "3072"] : ["-t", "ed25519"] }
  }

  private var folder: FilePath { directory == "." ? "" : FilePath(directory) }
  private var settingsFile: FilePath { folder.appending("filsluse.yaml") }

  func run() async throws {
    try makeFolder(folder, mode: 0o755)
    let dialogue = Dialogue(in: language.chosen)
    if InputFile.exists(settingsFile) {
      note(kept: settingsFile)
      InitAnswers.forget(in: folder)
    } else {
      try await setUp(dialogue)
    }
    let settings = try SettingsOptions.load(settingsFile)
    if !withoutCheck { try await check(settings) }
  }

  /// Writes everything, the settings last: where they are, the rest is there.
  private func setUp(_ dialogue: Dialogue?) async throws {
    var answers = try InitAnswers(in: folder, given: given)
    try answers.complete(with: dialogue)
    var setUp = answers.setUp(port: port, fingerprints: fingerprint)
    setUp.publicKey = try await publicKey(setUp)
    try makeFolder(folder.appending("texts"), mode: 0o755)
    var files = setUp.letters.map { (folder.appending("texts").appending($0.fileName), $0.text) }
    files.append((folder.appending("routes.csv"), setUp.list))
    var others: [FilePath] = []
    for (path, text) in files where try !write(text, to: path) { others.append(path) }
    guard others.isEmpty else {
      throw CommandFailure(
        .badData,
        "\(others.map { Printable.text($0.string) }.joined(separator: ", ")): what is there was made from other answers and stays; remove it to have it made anew by the same command"
      )
    }
    if setUp.fingerprints.isEmpty { setUp.fingerprints = try await comparedFingerprints(of: setUp, dialogue) }
    _ = try ExchangeSettings.parse(setUp.settings, source: settingsFile)
    _ = try write(setUp.settings, to: settingsFile)
    InitAnswers.forget(in: folder)
  }

  func validate() throws {
    guard port > 0 else { throw ValidationError("a port is a number from 1 to 65535") }
    for text in fingerprint {
      do throws(SFTPError) {
        _ = try HostKeyFingerprint(text)
      } catch {
        throw ValidationError("--fingerprint \(Printable.text(text)): \(error.message)")
      }
    }
  }

  /// The answers that the options give.
  private var given: [InitQuestion: String] {
    let answers: [InitQuestion: String?] = [
      .host: host, .user: user, .itSystem: itSystem, .authority: authority, .key: key, .infref: infref,
      .receiver: receiver, .recipientITSystem: recipientItSystem,
      .municipality: municipality.isEmpty ? nil : municipality.joined(separator: " "), .contact: contact,
    ]
    return answers.compactMapValues(\.self)
  }

  // MARK: Key and host key

  /// The public half of the key, which is made where it is missing.
  private func publicKey(_ setUp: SetUp) async throws -> String {
    guard let file = LocalPath.resolve(setUp.keyFile.string, in: folder) else {
      throw CommandFailure(.usage, "--key \(Printable.text(setUp.keyFile.string)) names no file")
    }
    let publicFile = FilePath(file.string + ".pub")
    if InputFile.exists(file) {
      note(kept: file)
    } else if InputFile.exists(publicFile) {
      throw CommandFailure(
        .badData,
        "\(Printable.text(publicFile.string)) is there, and its private key is not: put that beside it, or name another --key"
      )
    } else {
      try makeFolder(file.removingLastComponent(), mode: 0o700)
      try await run(
        ["ssh-keygen", "-q"] + keyType.arguments + ["-N", "", "-C", setUp.user, "-f", file.string], "make a key")
      Output.note("filsluse: \(Printable.text(file.string)) and its .pub are made")
    }
    let reading = ["ssh-keygen", "-y", "-P", "", "-f", file.string]
    guard InputFile.exists(publicFile) else {
      return Self.line(Array(try await run(reading, "read the public half of the key").utf8))
    }
    let beside = Self.line(try InputFile.read(publicFile, upTo: 1 << 16))
    // A key with a passphrase shows its public half only to those who know it.
    let shown = await Program(arguments: reading, timeout: .seconds(120)).run()
    func key(_ line: String) -> [Substring] { Array(line.split(separator: " ").prefix(2)) }
    guard !shown.isSuccess || key(shown.output.text.trimmed) == key(beside) else {
      throw CommandFailure(
        .badData,
        "\(Printable.text(publicFile.string)) is the public half of another key than \(Printable.text(file.string))")
    }
    return beside
  }

  private static func line(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).trimmed
  }

  @discardableResult
  private func run(_ arguments: [String], _ what: String) async throws(CommandFailure) -> String {
    let report = await Program(arguments: arguments, timeout: .seconds(120)).run()
    guard report.isSuccess else {
      throw CommandFailure(
        .localIO,
        "ssh-keygen could not \(what): \(Printable.text(report.summary)); put the public half beside the key as .pub, or name another --key"
      )
    }
    return report.output.text
  }

  /// The fingerprints of the host keys that the server shows, once a person has compared them.
  private func comparedFingerprints(of setUp: SetUp, _ dialogue: Dialogue?) async throws -> [String] {
    let facts = try await SFTPClient.scanHostKeys(
      host: setUp.host, port: setUp.port, logger: CommandLogger.make(from: .error))
    let keys = facts.hostKeys
    Output.note("\(Printable.text(setUp.host)), port \(setUp.port), shows these host keys:")
    for key in keys { Output.note("  \(key.type) \(key.fingerprint)") }
    guard let dialogue else {
      throw CommandFailure(
        .keyRefused,
        "a host key is not trusted unseen: compare these with what the operator gives you by another way, and say --fingerprint SHA256:… in the same command again"
      )
    }
    let isCompared = try dialogue.confirms(
      LocalizedText(
        "Are these the fingerprints that the server's operator gave you by another way?",
        "Er det de fingeraftryk, som serverens driftsansvarlige har givet jer ad anden vej?"))
    guard isCompared else {
      throw CommandFailure(
        .keyRefused, "no host key is trusted, and filsluse.yaml is not written; the same command goes on from here")
    }
    return keys.map(\.fingerprint.description)
  }

  // MARK: Files

  private func makeFolder(_ path: FilePath, mode: Int) throws(CommandFailure) {
    if path.isEmpty || InputFile.exists(path) { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch {
      throw CommandFailure(.localIO, "\(Printable.text(path.string)) cannot be made: \(error)")
    }
  }

  /// Writes a new file; one that is there stays as it is.
  ///
  /// - Returns: false where a file is there with another content.
  private func write(_ text: String, to path: FilePath) throws(CommandFailure) -> Bool {
    if !InputFile.exists(path) {
      do throws(NewFileError) {
        try NewFile.write(to: path) { file, _ in _ = try file.writeAll(Array(text.utf8)) }
        Output.print(path.string)
        return true
      } catch {
        guard case .taken = error else {
          throw CommandFailure(.localIO, "\(Printable.text(path.string)) is not written: \(error); \(error.remedy)")
        }
      }
    }
    note(kept: path)
    return try InputFile.read(path, upTo: 1 << 20) == Array(text.utf8)
  }

  private func note(kept path: FilePath) {
    Output.note("filsluse: \(Printable.text(path.string)) is there already and stays as it is")
  }

  // MARK: The end

  private func check(_ settings: ExchangeSettings) async throws {
    var statuses: [ExitStatus] = []
    for account in settings.accounts {
      let report = await AccountCheck(account: account, writes: true, logger: CommandLogger.make(from: .error)).run()
      Output.print(report.text)
      statuses.append(report.status)
    }
    let status = ExitStatus.worst(statuses)
    guard status != .done else { return }
    throw CommandFailure(
      status,
      "what is to be sent to whom lies in \(Printable.text(folder.appending("texts").string)); when the user and its key are registered: filsluse check"
    )
  }
}
