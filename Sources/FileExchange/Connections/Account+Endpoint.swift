public import ExchangeSettings
public import FilsluseSFTP
internal import FilsluseBase
import Glibc
package import Logging
internal import SystemPackage

extension Account {
  /// The server as the SFTP client takes it; a passphrase is read from where the settings say it is.
  ///
  /// - Throws: ``ExchangeError`` when the passphrase cannot be had.
  public func endpoint() async throws(ExchangeError) -> SFTPEndpoint {
    let trust: HostKeyTrust =
      switch hostKeys {
      case .pinned(let fingerprints): .pinned(fingerprints)
      case .knownHosts(let file): .knownHosts(file)
      }
    return SFTPEndpoint(
      host: host, port: port, user: user, hostKeys: trust,
      identity: try await identity(), listing: listing)
  }

  /// The account's keys in their order; a passphrase that several go by is read once.
  private func identity() async throws(ExchangeError) -> SFTPEndpoint.Identity {
    var read: [PassphraseSource: Redacted<String>] = [:]
    for source in Set(passphraseSources) { read[source] = try await readPassphrase(source) }
    let identities: [SFTPEndpoint.Identity] = keys.map { key in
      switch key {
      case .file(let file, let own):
        .keyFile(file, passphrase: (own ?? passphrase).flatMap { read[$0] })
      case .agent(.publicKey(let file), let socket): .agent(.publicKey(file), socket: socket)
      case .agent(.fingerprint(let fingerprint), let socket): .agent(.fingerprint(fingerprint), socket: socket)
      }
    }
    return identities.count == 1 ? identities[0] : .inOrder(identities)
  }

  private func readPassphrase(_ source: PassphraseSource) async throws(ExchangeError) -> Redacted<String> {
    switch source {
    case .environment(let variable):
      guard let value = getenv(variable) else {
        throw ExchangeError(
          .passphraseMissing, operation: "read the passphrase of \(name)",
          message: "the environment variable \(variable) is not set", remedy: "set it, or name a passphrase file"
        ).inDanish(
          "Miljøvariablen \(variable) med nøglens adgangskode er ikke sat. Sæt den, eller angiv en fil med adgangskoden."
        )
      }
      return Redacted(String(cString: value))
    case .file(let path):
      let bytes = try await BlockingThreads.shared.run { () throws(ExchangeError) in
        do throws(SecretFileError) {
          return try SecretFile.read(path, upTo: 4096)
        } catch {
          throw ExchangeError(
            .passphraseMissing, operation: "read the passphrase of \(name)", path: path.string,
            message: error.description, remedy: "give the running user alone a file with the passphrase"
          ).inDanish(
            "Nøglens adgangskode kan ikke læses af \(path): \(error.inDanish). Lav en fil med den, som kun brugeren kan læse."
          )
        }
      }
      // The line's end is the editor's, not the passphrase's.
      let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      guard let text = String(validating: line, as: UTF8.self), !text.isEmpty else {
        throw ExchangeError(
          .passphraseMissing, operation: "read the passphrase of \(name)", path: path.string,
          message: "its first line is empty or not UTF-8", remedy: "write the passphrase into its first line"
        ).inDanish("Første linje i \(path) er tom eller ikke UTF-8. Skriv nøglens adgangskode i den.")
      }
      return Redacted(text)
    }
  }
}

extension Account {
  /// Logs in at the account's server.
  ///
  /// - Parameters:
  ///   - operation: the operation that an error names, where it is more than connecting.
  ///   - reply: the time limit for the oldest unanswered request; `nil` for the client's own.
  package func connect(
    while operation: String? = nil, reply: Duration? = nil, logger: Logger
  ) async throws(ExchangeError) -> SFTPClient {
    var endpoint = try await endpoint()
    if let reply { endpoint.deadlines.reply = reply }
    do throws(SFTPError) {
      return try await SFTPClient.connect(endpoint, logger: logger)
    } catch {
      throw operation.map { ExchangeError(error, while: $0) } ?? ExchangeError(error, connectingTo: name)
    }
  }

  /// Returns true if a moment is in one of the account's maintenance windows, by the clock in Denmark.
  func isInMaintenance(at moment: Timestamp) -> Bool {
    maintenance.contains { $0.contains(moment, by: .denmark) }
  }

  /// Returns the speed limit at a moment in bytes per second; `nil` for none.
  func bytesPerSecond(at moment: Timestamp) -> UInt64? {
    bandwidth.first { $0.hours?.contains(moment, by: .denmark) ?? true }?.bytesPerSecond
  }
}
