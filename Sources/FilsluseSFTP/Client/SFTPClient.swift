internal import FilsluseBase
public import Logging

/// A connection to an SFTP server, for any number of tasks at once.
///
/// Each call is one or more requests; requests of different tasks are in flight together. A cancelled call leaves the
/// connection usable. When the connection ends, every call fails with the reason; make a new client then.
///
/// ## Topics
/// ### Connecting
/// - ``connect(_:logger:)``, ``close()``, ``withSFTPClient(_:logger:isolation:_:)``
/// ### Files and folders
/// - ``list(_:)``, ``attributes(of:)``, ``rename(_:to:)``, ``remove(_:)``, ``makeDirectory(_:)``,
///   ``withFile(_:_:isolation:_:)``
/// ### Transfers
/// - ``upload(_:to:mode:resumeAt:over:progress:)``, ``download(_:to:resumeAt:expected:limit:over:progress:)``
public final class SFTPClient: Sendable {
  /// The server as `host:port`.
  public let server: String

  /// The names of the server's extensions to SFTP version 3.
  public let extensions: Set<String>

  let engine: RequestEngine
  /// More than the 2 MB that OpenSSH's receive window takes: some wait here when it opens.
  let uploads = FairShare(of: 80)
  /// 6 MB in answers to come: at 20 ms round trip, more than a connection's thread decrypts.
  let downloads = FairShare(of: 192)
  /// The files that are read by one request; they are only counted.
  let smallReads = FairShare(of: 1)
  let listing: ListingLimits
  let logger: Logger
  let hasRefusedResuming = Locked(false)
  private let connection: SSHConnection

  private init(
    server: String, hello: ServerHello, engine: RequestEngine, connection: SSHConnection, listing: ListingLimits,
    logger: Logger
  ) {
    self.server = server
    extensions = Set(hello.extensions.map(\.name))
    self.engine = engine
    self.connection = connection
    self.listing = listing
    self.logger = logger
  }

  deinit { connection.stop() }

  /// Connects, checks the host key, logs in and starts SFTP.
  ///
  /// All tasks of the process together have few logins in progress at one server. If a server closes the connection
  /// before it sends its version, the login is retried a few times within its deadline.
  ///
  /// - Parameter record: collects facts about the connection; where the login fails they say more than the error.
  /// - Throws: `SFTPError`: the host key is unknown or another one, the key is refused, the server is not there or does
  ///   not answer within the endpoint's deadlines.
  public static func connect(
    _ endpoint: SFTPEndpoint, record: ConnectionRecord = ConnectionRecord(), logger: Logger
  ) async throws(SFTPError) -> SFTPClient {
    var target = try await endpoint.target(logger: logger)
    target.record = record
    let limit = ContinuousClock.now + target.deadlines.login
    var refusals = Backoff(first: .milliseconds(100), longest: .seconds(2), jitter: 0.5)
    while true {
      do throws(SFTPError) {
        return try await open(target, listing: endpoint.listing, logger: logger)
      } catch {
        let pause = refusals.next()
        guard error.isBeforeBanner, refusals.failures < mostTries, .now + pause < limit else { throw error }
        logger.debug("\(error); trying again in \(pause.visible)", metadata: ["server": "\(target.server)"])
        do { try await Task.sleep(for: pause) } catch { throw .cancelled.connecting(to: target.server) }
      }
    }
  }

  /// The number of tries at a server that closes the connection before it sends its version: it does so while too many
  /// logins are under way there, and that passes soon.
  private static let mostTries = 6

  static func open(
    _ target: ConnectionTarget, listing: ListingLimits, logger: Logger
  ) async throws(SFTPError) -> SFTPClient {
    let wakeUp: EventFD
    do throws(EventFDError) {
      wakeUp = try EventFD()
    } catch {
      throw SFTPError(
        .resourcesExhausted, error.description, "der kan ikke fås en eventfd: \(systemText(error.code).da)"
      ).connecting(to: target.server)
    }
    let engine = RequestEngine(wakeUp: wakeUp)
    let connection = try await LoginLimiter.shared.withTurn(at: target.server, longest: target.deadlines.login) {
      () async throws(SFTPError) in
      try await SSHConnection.open(target, user: engine, wakeUp: wakeUp, logger: logger)
    }
    do throws(SFTPError) {
      let hello = try await engine.serverHello()
      guard hello.version == 3 else {
        throw SFTPError(
          .protocolViolation, "the server speaks SFTP version \(hello.version), not 3",
          "den taler SFTP version \(hello.version) og ikke 3")
      }
      return SFTPClient(
        server: target.server, hello: hello, engine: engine, connection: connection, listing: listing, logger: logger)
    } catch {
      connection.stop()
      throw error.during("start SFTP at \(target.server)")
    }
  }

  /// Closes the connection; waiting calls fail with `connectionClosed`. Takes at most about a second.
  public func close() async {
    connection.stop()
    await connection.waitUntilGone()
  }

  /// Runs `body` once the connection is closed, however that happens.
  package func whenGone(_ body: @escaping @Sendable () async -> Void) {
    // The client itself is not kept by this: a client that is dropped closes its connection.
    Task { [connection] in
      await connection.waitUntilGone()
      await body()
    }
  }

  /// Runs an operation and adds its name and path to its errors. A cancelled task does not begin it.
  func withErrorContext<Result>(
    _ operation: String, _ path: RemotePath?, _ body: () async throws(SFTPError) -> Result
  ) async throws(SFTPError) -> Result {
    do throws(SFTPError) {
      if Task.isCancelled { throw .cancelled }
      return try await body()
    } catch {
      throw error.during(operation, path)
    }
  }
}

/// Connects, lets `body` use the client, and closes the connection whatever happens.
///
/// - Throws: `SFTPError` from connecting, or what `body` throws.
public func withSFTPClient<Result>(
  _ endpoint: SFTPEndpoint, logger: Logger, isolation: isolated (any Actor)? = #isolation,
  _ body: (SFTPClient) async throws -> Result
) async throws -> Result {
  let client = try await SFTPClient.connect(endpoint, logger: logger)
  do {
    let result = try await body(client)
    await client.close()
    return result
  } catch {
    await client.close()
    throw error
  }
}
