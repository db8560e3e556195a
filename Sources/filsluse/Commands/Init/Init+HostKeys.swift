import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseSFTP
import Logging
import SystemPackage
import TriggerFiles

// The server's host keys.
extension Init {
  /// The file of host keys in settings that were written before the keys could be fetched.
  private static let hostKeysName: FilePath = "known_hosts"
  var hostKeysFile: FilePath { folder.pushing(Self.hostKeysName) }

  /// True if the settings name the file of host keys that this command writes, and it is not there yet.
  func lacksHostKeys(_ settings: ExchangeSettings) -> Bool {
    let isNamed = settings.accounts.contains { $0.hostKeys == .knownHosts(hostKeysFile) }
    return isNamed && !InputFile.exists(hostKeysFile)
  }

  /// The host keys that are trusted, and the way in which the settings name them.
  struct HostTrust {
    /// The fingerprints in the settings.
    var fingerprints: [KeyFingerprint] = []
    /// The file that the settings name in place of fingerprints.
    var knownHosts: FilePath?
    /// The keys that belong into that file.
    var keys: [ShownHostKey] = []
    /// The reason why the keys are not known yet.
    var failure: SFTPError?
  }

  /// Refuses an option that gives no fingerprint.
  func checkFingerprints() throws {
    for text in fingerprint {
      do throws(SFTPError) {
        _ = try HostKeyFingerprint(text)
      } catch {
        let option = "--fingerprint \(Printable.text(text))"
        throw ValidationError(
          "\(option) is no fingerprint", "\(option) er intet fingeraftryk",
          remedy: LocalizedText(
            "give the one that ssh-keygen -lf shows: SHA256: and 43 characters",
            "angiv det, som ssh-keygen -lf viser: SHA256: og 43 tegn"))
      }
    }
  }

  /// The host keys that were given by their fingerprints, or that the server shows and a person has compared.
  ///
  /// - Parameter isEdited: true for existing settings that a person has changed. They stay as they are and name a file
  ///   for the keys, so the server must show them.
  func hostTrust(
    of setUp: SetUp, isEdited: Bool, _ dialogue: Dialogue?
  ) async throws(CommandFailure) -> HostTrust {
    if !setUp.fingerprints.isEmpty, !isEdited { return HostTrust(fingerprints: setUp.fingerprints) }
    let keys: [ShownHostKey]
    do throws(SFTPError) {
      let facts = try await SFTPClient.scanHostKeys(
        host: setUp.host, port: setUp.port, logger: CommandLogger.make(from: .error))
      keys = facts.hostKeys
    } catch {
      return HostTrust(knownHosts: Self.hostKeysName, failure: error)
    }
    if !setUp.fingerprints.isEmpty {
      return HostTrust(knownHosts: Self.hostKeysName, keys: try trusted(keys, of: setUp))
    }
    try compare(keys, of: setUp, dialogue)
    // Settings that are there already are those of a command that could not fetch the keys.
    if InputFile.exists(settingsFile) { return HostTrust(knownHosts: Self.hostKeysName, keys: keys) }
    return HostTrust(fingerprints: keys.map(\.fingerprint))
  }

  /// Returns the keys with the given fingerprints.
  ///
  /// - Throws: `CommandFailure` if the server shows none of them.
  private func trusted(_ keys: [ShownHostKey], of setUp: SetUp) throws(CommandFailure) -> [ShownHostKey] {
    let trusted = keys.filter { setUp.fingerprints.contains($0.fingerprint) }
    guard !trusted.isEmpty else {
      let shown = keys.map { $0.fingerprint.description }.joined(separator: ", ")
      throw failure(
        .keyRefused, "\(setUp.host) shows no host key with a fingerprint that was given, but \(shown)",
        "\(setUp.host) viser ingen værtsnøgle med et fingeraftryk, der er angivet, men \(shown)")
    }
    return trusted
  }

  /// Shows host keys and asks a person to compare them.
  ///
  /// - Throws: `CommandFailure` if nobody can be asked, or they differ.
  private func compare(_ keys: [ShownHostKey], of setUp: SetUp, _ dialogue: Dialogue?) throws(CommandFailure) {
    let heading = LocalizedText(
      "\(setUp.host), port \(setUp.port), shows these host keys:",
      "\(setUp.host), port \(setUp.port), viser disse værtsnøgler:")
    Output.note(Printable.text(heading[language.chosen]))
    for key in keys { Output.note("  \(key.type) \(key.fingerprint)") }
    guard let dialogue else {
      throw failure(
        .keyRefused,
        "a host key is not trusted unseen: compare these with what the operator gives you by another way, and say --fingerprint SHA256:… in the same command again",
        "der stoles ikke på en værtsnøgle, som ingen har set: sammenlign disse med det, den driftsansvarlige giver jer ad anden vej, og angiv --fingerprint SHA256:… i samme kommando igen"
      )
    }
    let isCompared = try dialogue.confirms(
      LocalizedText(
        "Are these the fingerprints that the server's operator gave you by another way?",
        "Er det de fingeraftryk, som serverens driftsansvarlige har givet jer ad anden vej?"))
    guard isCompared else {
      throw failure(
        .keyRefused, "no host key is trusted, and nothing can be sent",
        "ingen værtsnøgle er godkendt, og intet kan sendes",
        remedy: LocalizedText("the same command goes on from here", "samme kommando går videre herfra"))
    }
  }

  /// Writes host keys into the file that the settings name; none where they hold fingerprints.
  func writeHostKeys(_ keys: [ShownHostKey], of setUp: SetUp) throws(CommandFailure) {
    guard !keys.isEmpty else { return }
    let lines = keys.map { "\($0.knownHostsLine(host: setUp.host, port: setUp.port))\n" }
    try write(lines.joined(), to: hostKeysFile, replacing: false)
    if !output.json { Output.print(hostKeysFile.string) }
  }

  /// Returns the failure at the end of a set-up whose host keys could not be fetched.
  func hostKeysMissing(of setUp: SetUp, _ reason: SFTPError) -> CommandFailure {
    let words = reason.inBothLanguages
    let other =
      setUp.fingerprints.isEmpty
      ? LocalizedText("give them by --fingerprint SHA256:…", "angiv dem med --fingerprint SHA256:…")
      : LocalizedText(
        "write host-keys: [\"SHA256:…\"] in \(settingsFile) in place of known-hosts:",
        "skriv host-keys: [\"SHA256:…\"] i \(settingsFile) i stedet for known-hosts:")
    return failure(
      reason.exitStatus,
      "everything is written but the host keys of \(setUp.host), and nothing is sent before \(hostKeysFile) holds them",
      "alt er skrevet undtagen værtsnøglerne for \(setUp.host), og intet sendes, før de står i \(hostKeysFile)",
      remedy: LocalizedText(
        "when the server can be reached, the same command goes on with them; or \(other.en) (\(words.en))",
        "når serveren kan nås, går samme kommando videre med dem; eller \(other.da) (\(words.da))"))
  }
}
