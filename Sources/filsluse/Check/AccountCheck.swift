import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import Logging

/// Looks at everything between an account and its two folders, step by step as a connection takes them.
struct AccountCheck {
  let account: Account
  /// True if a small file may be written to OUT, and removed again, to find out the permissions there.
  let writes: Bool
  let logger: Logger

  /// The steps of a connection, in their order.
  private enum Step: Int, CaseIterable {
    case name, address, version, algorithms, hostKey, login, subsystem

    var subject: String {
      switch self {
      case .name: "host name"
      case .address: "address"
      case .version: "server"
      case .algorithms: "algorithms"
      case .hostKey: "host key"
      case .login: "login"
      case .subsystem: "SFTP"
      }
    }

    /// The remedy for a failure whose error names none.
    var remedy: String {
      switch self {
      case .name, .address: "check host and port in the settings, and the network"
      case .version, .algorithms, .subsystem: "ask the server's owner"
      case .hostKey: "name a known_hosts file that the running user can read, or fingerprints under host-keys:"
      case .login: "name the private key of the account's user under key:, in a file of the running user's alone"
      }
    }
  }

  /// The subjects behind the connection, which nothing is known of without one.
  private static let behind = ["extensions", "round trip", "IN", "OUT", "rights in OUT", "clock", "free space"]

  func run() async -> CheckReport {
    let record = ConnectionRecord()
    let endpoint: SFTPEndpoint
    do throws(ExchangeError) {
      endpoint = try await account.endpoint()
    } catch {
      let step: Step = error.code == .passphraseMissing ? .login : .hostKey
      return await withoutConnecting(Failure(step: step, error), remedy: error.remedy.description)
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
      guard !record.facts.addresses.isEmpty || failure.step == .name else {
        return await withoutConnecting(failure, remedy: error.remedy)
      }
      return failed(failure, record.facts, remedy: error.remedy)
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
      message = error.message
      status = error.exitStatus
    }

    init(step: Step, _ error: SFTPError) {
      self.step = step
      message = error.message
      status = error.exitStatus
    }
  }

  /// The step that an error belongs to: the one that its code says, else the first that was not done.
  private static func step(of error: SFTPError, _ facts: ConnectionFacts) -> Step {
    switch error.code {
    case .nameNotResolved: return .name
    case .noCommonAlgorithm: return .algorithms
    case .hostKeyMismatch, .hostKeyUnknown, .hostKeyRevoked, .knownHostsUnreadable, .fingerprintMalformed:
      return .hostKey
    case .authenticationFailed, .keyUnreadable, .keyUnavailable: return .login
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
      // The server is out of reach as well, which stands first in the table.
      return failed(Failure(step: Self.step(of: error, record.facts), error), record.facts, remedy: error.remedy)
    }
  }

  private func failed(_ failure: Failure, _ facts: ConnectionFacts, remedy: String?) -> CheckReport {
    let lines = connectionLines(facts, failure: failure, remedy: remedy) + [library]
    return report(lines + Self.behind.map { CheckLine($0, .unknown, "not looked at") }, failed: failure.status)
  }

  private func report(_ lines: [CheckLine], failed status: ExitStatus? = nil) -> CheckReport {
    let server = account.host.contains(":") ? "[\(account.host)]:\(account.port)" : "\(account.host):\(account.port)"
    return CheckReport(account: account.name, server: server, lines: lines, failed: status)
  }

  // MARK: The connection

  private func connectionLines(_ facts: ConnectionFacts, failure: Failure?, remedy: String? = nil) -> [CheckLine] {
    Step.allCases.map { step in
      if let failure, step == failure.step {
        return CheckLine(step.subject, .failure, failure.message, remedy: remedy ?? step.remedy)
      }
      guard let found = found(step, facts) else { return CheckLine(step.subject, .unknown, "not looked at") }
      if step == .hostKey, let failure, failure.isBeforeConnecting {
        return CheckLine(step.subject, .unknown, "not compared: \(found)")
      }
      return CheckLine(step.subject, .ok, found)
    }
  }

  /// The keys that the account logs in with.
  private var keys: String {
    guard account.keys.count == 1, let key = account.keys.first else { return "one of its \(account.keys.count) keys" }
    return key.file.map { "the key \($0)" } ?? "a key of ssh-agent"
  }

  /// Returns the result of a step; `nil` where it was not reached.
  private func found(_ step: Step, _ facts: ConnectionFacts) -> String? {
    switch step {
    case .name: facts.addresses.isEmpty ? nil : "\(account.host) is \(facts.addresses.joined(separator: ", "))"
    case .address: facts.address.map { "connected to \($0), port \(account.port)" }
    case .version: facts.version
    case .algorithms:
      facts.algorithms.map { "\($0.keyExchange), \($0.hostKey), \($0.cipher), \($0.mac)" }
    case .hostKey:
      facts.hostKeys.last.map { "\($0.type) \($0.fingerprint)\(facts.hasLoggedIn ? ", \(trust)" : "")" }
    case .login: facts.hasLoggedIn ? "\(account.user) by \(keys)" : nil
    case .subsystem: facts.hasLoggedIn ? "version 3" : nil
    }
  }

  private var trust: String {
    switch account.hostKeys {
    case .pinned: "compared with the fingerprints in the settings"
    case .knownHosts(let file): "compared with \(file)"
    }
  }

  private var library: CheckLine {
    let lacks = SSHLibrary.lacks
    let text =
      lacks.isEmpty ? "" : "; it lacks \(lacks.joined(separator: ", ")), which matters where a server asks for them"
    return CheckLine("libssh2", .ok, SSHLibrary.version + text)
  }
}
