import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import Logging
import TriggerFiles

/// Looks at everything between an account and its two folders, step by step as a connection takes them.
struct AccountCheck {
  let account: Account
  /// True if a small file may be written to OUT, and removed again, to find out the permissions there.
  let writes: Bool
  let logger: Logger

  /// The steps of a connection, in their order.
  private enum Step: Int, CaseIterable {
    case name, address, version, algorithms, hostKey, login, subsystem

    var subject: LocalizedText {
      switch self {
      case .name: LocalizedText("host name", "værtsnavn")
      case .address: LocalizedText("address", "adresse")
      case .version: LocalizedText("server", "server")
      case .algorithms: LocalizedText("algorithms", "algoritmer")
      case .hostKey: LocalizedText("host key", "værtsnøgle")
      case .login: LocalizedText("login", "login")
      case .subsystem: LocalizedText("SFTP")
      }
    }

    /// The remedy for a failure whose error has none.
    var remedy: LocalizedText {
      switch self {
      case .name, .address:
        LocalizedText(
          "check host and port in the settings, and the network", "se efter vært og port i indstillingerne og nettet")
      case .version, .algorithms, .subsystem: FolderCheck.askOwner
      case .hostKey:
        LocalizedText(
          "name a known_hosts file that the running user can read, or fingerprints under host-keys:",
          "angiv en known_hosts-fil, som brugeren kan læse, eller fingeraftryk under host-keys:")
      case .login:
        LocalizedText(
          "name the private key of the account's user under key:, in a file of the running user's alone",
          "angiv den private nøgle for kontoens bruger under key:, i en fil, som kun brugeren selv kan læse")
      }
    }
  }

  /// The subjects that need a connection: without one, nothing is known of them.
  private static let behind: [LocalizedText] = [
    FolderCheck.Subject.extensions, FolderCheck.Subject.roundTrip, LocalizedText("IN"), LocalizedText("OUT"),
    FolderCheck.Subject.rights, FolderCheck.Subject.clock, FolderCheck.Subject.space,
  ]
  private static let notLookedAt = LocalizedText("not looked at", "ikke undersøgt")

  func run() async -> CheckReport {
    let record = ConnectionRecord()
    let endpoint: SFTPEndpoint
    do throws(ExchangeError) {
      endpoint = try await account.endpoint()
    } catch {
      let step: Step = error.code == .passphraseMissing ? .login : .hostKey
      return await withoutConnecting(Failure(step: step, error), remedy: error.shownRemedy)
    }
    do throws(SFTPError) {
      let client = try await SFTPClient.connect(endpoint, record: record, logger: logger)
      let lines =
        connectionLines(record.facts, failure: nil) + [library]
        + (await FolderCheck(
          account: account, client: client, writes: writes
        ).lines())
      await client.close()
      return report(lines)
    } catch {
      let failure = Failure(step: Self.step(of: error, record.facts), error)
      let remedy = error.shownRemedy
      guard !record.facts.addresses.isEmpty || failure.step == .name else {
        return await withoutConnecting(failure, remedy: remedy)
      }
      return failed(failure, record.facts, remedy: remedy)
    }
  }

  private struct Failure {
    let step: Step
    let message: String
    let status: ExitStatus
    /// True if the failure is on this side, so that no connection with trust and login was tried.
    var isBeforeConnecting = false

    init(step: Step, _ error: ExchangeError) {
      self.step = step
      let isNamed = error.path.map { error.shownMessage.contains($0) } ?? true
      message = isNamed ? error.shownMessage : "\(error.path ?? ""): \(error.shownMessage)"
      status = error.exitStatus
    }

    init(step: Step, _ error: SFTPError) {
      self.step = step
      message = error.shownMessage
      status = error.exitStatus
    }
  }

  /// Returns the step of an error: that of its code, or else the first step not done.
  private static func step(of error: SFTPError, _ facts: ConnectionFacts) -> Step {
    switch error.code {
    case .nameNotResolved: return .name
    case .noCommonAlgorithm: return .algorithms
    case .hostKeyMismatch, .hostKeyUnknown, .hostKeyRevoked, .knownHostsUnreadable, .fingerprintMalformed:
      return .hostKey
    case .authenticationFailed, .keyUnreadable, .keyUnavailable, .agentUnavailable: return .login
    default: break
    }
    if facts.addresses.isEmpty { return .name }
    if facts.address == nil { return .address }
    if facts.version == nil { return .version }
    if facts.algorithms == nil { return .algorithms }
    return facts.hasLoggedIn ? .subsystem : .login
  }

  /// Something on this side kept the account from connecting: the server is looked at without logging in.
  private func withoutConnecting(_ failure: Failure, remedy: String?) async -> CheckReport {
    var failure = failure
    failure.isBeforeConnecting = true
    let record = ConnectionRecord()
    do throws(SFTPError) {
      _ = try await SFTPClient.scanHostKeys(host: account.host, port: account.port, record: record, logger: logger)
      return failed(failure, record.facts, remedy: remedy)
    } catch {
      // The server is unreachable too, which comes first in the table.
      return failed(Failure(step: Self.step(of: error, record.facts), error), record.facts, remedy: error.shownRemedy)
    }
  }

  private func failed(_ failure: Failure, _ facts: ConnectionFacts, remedy: String?) -> CheckReport {
    let lines = connectionLines(facts, failure: failure, remedy: remedy) + [library]
    return report(lines + Self.behind.map { CheckLine($0, .unknown, Self.notLookedAt) }, failed: failure.status)
  }

  private func report(_ lines: [CheckLine], failed status: ExitStatus? = nil) -> CheckReport {
    let server = account.host.contains(":") ? "[\(account.host)]:\(account.port)" : "\(account.host):\(account.port)"
    return CheckReport(account: account.name, server: server, lines: lines, failed: status)
  }

  // MARK: The connection

  private func connectionLines(_ facts: ConnectionFacts, failure: Failure?, remedy: String? = nil) -> [CheckLine] {
    Step.allCases.map { step in
      if let failure, step == failure.step {
        return CheckLine(step.subject, .failure, failure.message, remedy: remedy ?? step.remedy.shown)
      }
      guard let found = found(step, facts) else { return CheckLine(step.subject, .unknown, Self.notLookedAt) }
      if step == .hostKey, let failure, failure.isBeforeConnecting {
        return CheckLine(
          step.subject, .unknown, LocalizedText("not compared: \(found)", "ikke sammenlignet: \(found)"))
      }
      return CheckLine(step.subject, .ok, found)
    }
  }

  /// The keys that the account logs in with.
  private var keys: String {
    guard account.keys.count == 1, let key = account.keys.first else {
      return LocalizedText("one of its \(account.keys.count) keys", "en af dens \(account.keys.count) nøgler").shown
    }
    guard let file = key.file else { return LocalizedText("a key of ssh-agent", "en nøgle i ssh-agent").shown }
    return LocalizedText("the key \(file)", "nøglen \(file)").shown
  }

  /// Returns the result of a step; `nil` where it was not reached.
  private func found(_ step: Step, _ facts: ConnectionFacts) -> String? {
    switch step {
    case .name:
      guard !facts.addresses.isEmpty else { return nil }
      let addresses = facts.addresses.joined(separator: ", ")
      return LocalizedText("\(account.host) is \(addresses)", "\(account.host) er \(addresses)").shown
    case .address:
      guard let address = facts.address else { return nil }
      let place = "\(address), port \(account.port)"
      return LocalizedText("connected to \(place)", "forbundet til \(place)").shown
    case .version: return facts.version
    case .algorithms:
      return facts.algorithms.map { "\($0.keyExchange), \($0.hostKey), \($0.cipher), \($0.mac)" }
    case .hostKey:
      return facts.hostKeys.last.map { "\($0.type) \($0.fingerprint)\(facts.hasLoggedIn ? ", \(trust.shown)" : "")" }
    case .login:
      guard facts.hasLoggedIn else { return nil }
      return LocalizedText("\(account.user) by \(keys)", "\(account.user) med \(keys)").shown
    case .subsystem: return facts.hasLoggedIn ? "version 3" : nil
    }
  }

  private var trust: LocalizedText {
    switch account.hostKeys {
    case .pinned:
      LocalizedText(
        "compared with the fingerprints in the settings", "sammenlignet med fingeraftrykkene i indstillingerne")
    case .knownHosts(let file): LocalizedText("compared with \(file)", "sammenlignet med \(file)")
    }
  }

  private var library: CheckLine {
    let lacks = SSHLibrary.lacks
    let name = LocalizedText("libssh2")
    guard !lacks.isEmpty else { return CheckLine(name, .ok, SSHLibrary.version) }
    let (english, danish) = (lacks.map(\.words.en), lacks.map(\.words.da))
    let found = LocalizedText(
      "\(SSHLibrary.version); it lacks \(english.joined(separator: ", ")), which matters where a server asks for them",
      "\(SSHLibrary.version); det mangler \(danish.joined(separator: ", ")), hvilket betyder noget, hvor en server beder om dem"
    )
    return CheckLine(name, .ok, found)
  }
}

extension SSHLibrary.Feature {
  /// The feature in both languages.
  fileprivate var words: LocalizedText {
    switch self {
    case .rsaHostKeysBySHA2: LocalizedText("RSA host keys by SHA-2", "RSA-værtsnøgler med SHA-2")
    case .authenticatedCiphers: LocalizedText("AES-GCM and ChaCha20 ciphers", "krypteringerne AES-GCM og ChaCha20")
    case .macsOverCiphertext: LocalizedText("ETM MACs", "MAC over den krypterede pakke (ETM)")
    case .strictKeyExchange: LocalizedText("strict key exchange", "streng nøgleudveksling")
    }
  }
}
