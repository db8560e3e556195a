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

  @Argument(help: ArgumentHelp("The host's name or address.", "Værtens navn eller adresse."))
  var host: String

  @Option(help: ArgumentHelp("The port.", "Porten."))
  var port: UInt16 = 22

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
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
