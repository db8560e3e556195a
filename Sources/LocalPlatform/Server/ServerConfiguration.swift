import SystemPackage

/// The configuration of the platform's sshd: keys only, SFTP only, loopback only, nothing of the host's own
/// configuration.
struct ServerConfiguration: Sendable {
  let port: UInt16
  let hostKeys: [FilePath]
  let users: ServerUsers
  let pidFile: FilePath
  let version: (major: Int, minor: Int)
  /// Lines of the caller's, put first: sshd keeps the first value it reads.
  let extraLines: [String]
  /// True if a user's folder is the root of their sessions.
  var ownRoots = false

  /// The text of the configuration file.
  var text: String {
    var lines = extraLines
    lines += ["ListenAddress 127.0.0.1:\(port)", "PidFile \(quoted(pidFile))"]
    lines += hostKeys.map { "HostKey \(quoted($0))" }
    lines += [
      "AuthorizedKeysFile \(quoted(users.authorizedKeys.escapingTokens.appending("%u")))",
      // Root's keys are only good for the one command below, like everybody's.
      "PermitRootLogin prohibit-password",
      "PubkeyAuthentication yes",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "UsePAM no",
      // The folder may lie under one that everybody can write, such as /tmp.
      "StrictModes no",
      "Subsystem sftp internal-sftp",
      ownRoots ? "ForceCommand internal-sftp" : "ForceCommand internal-sftp -d %d",
      "DisableForwarding yes",
      "PermitTTY no",
      "PrintMotd no",
      "PrintLastLog no",
      "UseDNS no",
      "LogLevel VERBOSE",
      // A client that vanished shall not hold its session for long.
      "ClientAliveInterval 5",
    ]
    if ownRoots { lines.append("ChrootDirectory %h") }
    // Tests open many connections at once. Of this keyword sshd keeps the last value.
    if !extraLines.contains(where: { $0.hasPrefix("MaxStartups ") }) { lines.append("MaxStartups 200:30:400") }
    // Since 9.8 a source that fails to log on is shut out for a while, and here all come from one address.
    if version >= (9, 8) { lines.append("PerSourcePenalties no") }
    return lines.map { $0 + "\n" }.joined()
  }

  private func quoted(_ path: FilePath) -> String { "\"\(path.string)\"" }
}

extension FilePath {
  /// The path for an option in which sshd expands tokens: each `%` is escaped.
  var escapingTokens: FilePath {
    FilePath(string.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))
  }
}
