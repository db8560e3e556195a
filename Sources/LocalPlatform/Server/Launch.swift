import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

/// One start of sshd: configuration checked, process started, listening awaited.
struct Launch: Sendable {
  let programs: ServerPrograms
  let users: ServerUsers
  let directory: FilePath
  let log: FilePath
  let scratch: FilePath?

  var pidFile: FilePath { directory.appending("sshd.pid") }
  private var configurationFile: FilePath { directory.appending("sshd_config") }

  func start(_ configuration: ServerConfiguration) async throws(PlatformError) -> Supervisor {
    let (started, logged) = try await BlockingThreads.shared.run {
      () throws(PlatformError) -> (Supervisor, UInt64) in
      let logged = FileState(log)?.size ?? 0
      try WholeFile.write(configuration.text, to: configurationFile, mode: 0o600)
      // An old pid file would pass for the new server's.
      unlink(pidFile.string)
      let started = try Supervisor(
        command: command, environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], setpriv: programs.setpriv,
        script: directory.appending("supervise"), log: log,
        removingAtEnd: scratch)
      return (started, logged)
    }
    do {
      try await waitUntilListening(started)
      return started
    } catch {
      // The folder stays, for another attempt or for looking into it.
      let said = try await BlockingThreads.shared.run { () throws(PlatformError) -> ArraySlice<UInt8> in
        try started.stop(keepingScratch: true)
        return try WholeFile.read(log, limit: 1 << 30)?.dropFirst(Int(logged)) ?? []
      }
      let words = String(decoding: said.suffix(2_000), as: UTF8.self).replacingNewlines
      // sshd gives the reason in its log alone.
      let code = words.contains("Address already in use") ? PlatformError.Code.portTaken : error.code
      throw PlatformError(code, error.message.map { "\($0): \(words)" }, remedy: error.remedy, path: log)
    }
  }

  /// sshd wants to be called by an absolute path, for it calls itself again for every connection.
  private var command: [String] {
    [
      "/usr/bin/env", "LD_PRELOAD=\(programs.nssWrapper.string)", "NSS_WRAPPER_PASSWD=\(users.passwdFile.string)",
      "NSS_WRAPPER_GROUP=\(users.groupFile.string)", programs.sshd.string, "-D", "-f", configurationFile.string, "-E",
      log.string,
    ]
  }

  private static let readTheLog = LocalizedText(
    "its words above and its log say why", "dens ord ovenfor og dens log siger hvorfor")

  /// True once sshd has written the pid file, which it does when it listens.
  private func isListening(_ supervisor: Supervisor) async throws(PlatformError) -> Bool {
    let written = try await BlockingThreads.shared.run { () throws(PlatformError) in try WholeFile.readText(pidFile) }
    return written?.split(separator: "\n").first == "\(supervisor.listener)"
  }

  private func waitUntilListening(_ supervisor: Supervisor) async throws(PlatformError) {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !isListening(supervisor) {
      guard supervisor.isRunning else {
        throw PlatformError(
          .serverEnded, LocalizedText("sshd did not start", "sshd startede ikke"), remedy: Self.readTheLog)
      }
      guard ContinuousClock.now < deadline else {
        throw PlatformError(
          .serverEnded,
          LocalizedText("sshd does not listen after a minute", "sshd lytter stadig ikke efter et minut"),
          remedy: Self.readTheLog)
      }
      do {
        try await Task.sleep(for: .milliseconds(5))
      } catch {
        throw PlatformError(
          .serverEnded, LocalizedText("the start was cancelled", "starten blev afbrudt"),
          remedy: LocalizedText("start again", "start igen"))
      }
    }
  }
}

extension String {
  /// The text in one line.
  fileprivate var replacingNewlines: String {
    split { $0.isNewline }.joined(separator: " / ")
  }
}
