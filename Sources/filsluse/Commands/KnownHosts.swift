import ArgumentParser
import FilsluseBase
import FilsluseSFTP
import Logging
import TriggerFiles

/// `filsluse known-hosts`: commands about servers' host keys.
struct KnownHostsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "known-hosts",
    abstract: LocalizedText(
      "Show the host keys of a server, to be compared by hand.",
      "Vis en servers værtsnøgler, så de kan sammenlignes i hånden."
    ).shown,
    subcommands: [KnownHostsScan.self])
}

/// `filsluse known-hosts scan`: asks a server for its host keys. It writes no file and trusts nothing.
struct KnownHostsScan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: LocalizedText(
      "Print the fingerprints and the known_hosts lines of a server's host keys.",
      "Skriv fingeraftryk og known_hosts-linjer for en servers værtsnøgler."
    ).shown,
    discussion: LocalizedText(
      """
      Whoever stands in between could show keys of their own: compare the fingerprints with those that the server's \
      owner gives you by another way before you put a line into your known_hosts file, or a fingerprint into host-keys:. \
      Fingerprints go to standard error, lines to standard output.
      """,
      """
      Den, der står imellem, kunne vise egne nøgler: sammenlign fingeraftrykkene med dem, som serverens ejer giver jer ad anden \
      vej, før I sætter en linje ind i jeres known_hosts-fil eller et fingeraftryk under host-keys:. Fingeraftryk går til \
      standardfejl, linjer til standardoutput.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The host's name or address, perhaps with its port: HOST:PORT or [HOST]:PORT.",
      "Værtens navn eller adresse, eventuelt med porten: VÆRT:PORT eller [VÆRT]:PORT."),
    transform: HostAndPort.parse)
  var host: HostAndPort

  @Option(
    help: ArgumentHelp(
      "The port; 22 unless it is given here or behind the host.",
      "Porten; 22, hvis den hverken er angivet her eller efter værten."))
  var port: UInt16?

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard let behind = host.port, let port, behind != port else { return }
    throw ValidationError(
      "the port is \(behind) behind the host, and \(port) by --port",
      "porten er \(behind) efter værten og \(port) ved --port",
      remedy: LocalizedText("give one of them", "angiv den ene"))
  }

  func run() async throws {
    let (host, port) = (self.host.host, self.port ?? self.host.port ?? 22)
    let facts = try await SFTPClient.scanHostKeys(
      host: host, port: port, logger: CommandLogger.make(from: .error))
    let keys = facts.hostKeys.map { ScannedKey($0, host: host, port: port) }
    if output.json { return try Output.print(json: keys) }
    Output.note("\(Printable.text(host)), port \(port): \(facts.version ?? "")")
    for key in keys { Output.note("\(key.type) \(key.fingerprint)") }
    if SSHLibrary.lacks.contains(.rsaHostKeysBySHA2) {
      let text = LocalizedText(
        "an RSA key of the server is not shown: libssh2 \(SSHLibrary.version) cannot take one",
        "en RSA-nøgle på serveren vises ikke: libssh2 \(SSHLibrary.version) kan ikke bruge den")
      Output.note("filsluse: \(text.shown)")
    }
    let advice = LocalizedText(
      "compare these with what the server's owner gives you by another way before you trust them",
      "sammenlign dem med det, som serverens ejer giver jer ad anden vej, før I stoler på dem")
    Output.note("filsluse: \(advice.shown)")
    for key in keys { Output.print(key.line) }
  }
}

/// A host's name or address, and the port that may stand behind it.
struct HostAndPort {
  let host: String
  let port: UInt16?

  /// Reads `host`, `host:port`, `[host]:port`, or an IPv6 address with or without brackets.
  static func parse(_ text: String) throws -> HostAndPort {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      if rest.isEmpty { return HostAndPort(host: host, port: nil) }
      return HostAndPort(host: host, port: try port(rest.hasPrefix(":") ? rest.dropFirst() : "", of: text))
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    // More than one colon is an IPv6 address.
    guard parts.count == 2 else { return HostAndPort(host: text, port: nil) }
    return HostAndPort(host: String(parts[0]), port: try port(parts[1], of: text))
  }

  private static func port(_ digits: Substring, of text: String) throws -> UInt16 {
    guard let port = UInt16(digits), port > 0 else {
      let shown = Printable.text(text)
      throw ValidationError(
        "“\(shown)” has no port from 1 to 65535 behind the host",
        "„\(shown)“ har ingen port fra 1 til 65535 efter værten",
        remedy: LocalizedText("write HOST:PORT or [HOST]:PORT", "skriv VÆRT:PORT eller [VÆRT]:PORT"))
    }
    return port
  }
}

private struct ScannedKey: Encodable {
  let type: String
  let fingerprint: String
  let line: String

  init(_ key: ShownHostKey, host: String, port: UInt16) {
    type = key.type
    fingerprint = key.fingerprint.description
    line = key.knownHostsLine(host: host, port: port)
  }
}
