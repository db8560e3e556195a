import FilsluseSFTP
import LocalPlatform
import Logging

/// A line to the server that cuts one login after the other.
struct LoginLine: Sendable {
  private let proxy: TCPProxy
  private let endpoint: SFTPEndpoint
  private let logger = Logger(label: "logins") { _ in SwiftLogNoOpLogHandler() }

  init(to server: SSHServer, as user: SSHUser) throws {
    proxy = try TCPProxy(to: server.port)
    endpoint = SFTPEndpoint(
      host: server.host, port: proxy.port, user: user.name,
      hostKeys: .pinned([server.fingerprint]), identity: .keyFile(user.keyFile))
  }

  /// Returns the number of bytes of an undisturbed login in each direction.
  func measure() async throws -> [TCPProxy.Direction: Int] {
    let client = try await SFTPClient.connect(endpoint, logger: logger)
    let length = Dictionary(uniqueKeysWithValues: TCPProxy.Direction.allCases.map { ($0, proxy.carried($0)) })
    await client.close()
    return length
  }

  /// Logs in once on a connection that is cut, and once more undisturbed.
  func run(_ cut: LoginCut, _ tally: inout LoginTally) async throws {
    let before = proxy.connectionsMade
    proxy.cut(
      cut.direction, after: cut.bytes, cut.isPaused ? .reset : .closed, pause: cut.isPaused ? LoginCut.pause : .zero)
    let start = ContinuousClock.now
    let time: Duration
    var failure: SFTPError?
    do throws(SFTPError) {
      let client = try await SFTPClient.connect(endpoint, logger: logger)
      time = ContinuousClock.now - start
      await client.close()
    } catch {
      time = ContinuousClock.now - start
      failure = error
    }
    // Closed before the server sent its version: the client has tried again by itself.
    let connections = proxy.connectionsMade - before
    tally.note(failure, at: cut, wasCut: !proxy.awaitsCut, connections: connections, took: time)
    proxy.forgetCut()
  }
}
