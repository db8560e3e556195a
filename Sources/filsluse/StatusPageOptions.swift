import ArgumentParser
import FilsluseHTTP
import Logging
import ServiceLifecycle
import SystemPackage
import TriggerFiles

/// The options of the status page of a command that runs until it is stopped.
struct StatusPageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Serve the status page there, such as 127.0.0.1:8650.", "Vis statussiden dér, fx 127.0.0.1:8650.",
      valueName: "address:port"))
  var http: String?

  @Option(
    help: ArgumentHelp(
      "A file with the token that the page asks for; a must beyond this machine.",
      "En fil med det adgangstegn, som siden beder om; kræves ud over denne maskine.", valueName: "file"))
  var httpToken: String?

  @Option(
    help: ArgumentHelp(
      "A name beside localhost by which the page is asked for; again for more.",
      "Et navn ud over localhost, som siden kaldes ved; gentages for flere.", valueName: "name"))
  var httpName: [String] = []

  /// Serves the page and returns the service that keeps it available and stops it; none if no page is requested.
  ///
  /// - Parameter start: begins to serve at an address, under the names beside `localhost` and with the token given.
  /// - Throws: `StatusServerError` if the options cannot be used: an unreadable address, a missing or bad token. An
  ///   address that is not available now throws nothing.
  func services(
    logger: Logger, _ start: @escaping @Sendable (HTTPAddress, [String], AccessToken?) throws -> StatusServer
  ) throws -> [(name: String, service: any Service)] {
    guard let http else { return [] }
    let token = try httpToken.map { try AccessToken(file: FilePath($0)) }
    let address = try HTTPAddress(http)
    let names = httpName
    let page = try StatusPageService(logger: logger) { try start(address, names, token) }
    return [(name: "page", service: page)]
  }

  func validate() throws {
    if http == nil, httpToken != nil || !httpName.isEmpty {
      throw ValidationError(
        "--http-token and --http-name go with --http", "--http-token og --http-name hører til --http")
    }
  }
}

/// Serves the status page until the services are shut down, and answers the requests so far.
///
/// A page that cannot be served stops neither exchange nor watch: while its address is not available, because another
/// program listens there or the network is not up, the failure is logged and tried again.
private struct StatusPageService: Service {
  private let start: @Sendable () throws -> StatusServer
  private let logger: Logger
  /// The server where the address was available at once.
  private let first: StatusServer?

  /// The pause between two tries.
  private static let pause = Duration.seconds(5)

  /// Begins to serve.
  ///
  /// - Throws: the error of `start`, unless the address may be available later.
  init(logger: Logger, _ start: @escaping @Sendable () throws -> StatusServer) throws {
    self.start = start
    self.logger = logger
    do {
      first = try start()
    } catch let error as StatusServerError where error.isRetriable {
      logger.error("\(error); all else goes on, and this is tried again every \(Self.pause.components.seconds) s")
      first = nil
    }
  }

  func run() async throws {
    guard let server = try await served() else { return }
    do { try await gracefulShutdown() } catch is CancellationError {}
    await server.stop()
  }

  /// The server, once its address is available; `nil` where the services are shut down before.
  private func served() async throws -> StatusServer? {
    if let first { return first }
    while true {
      do {
        try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.pause) }
        return try start()
      } catch is CancellationError {
        return nil
      } catch let error as StatusServerError where error.isRetriable {
        logger.debug("\(error)")
      }
    }
  }
}

extension StatusServerError: HasExitStatus {
  var exitStatus: ExitStatus { .configuration }
  var explanation: String { "filsluse: \(LocalizedText(description, inDanish).shown)" }
  var reportedRemedy: String? { OutputLanguage.current == .danish ? remedyInDanish : remedy }
}
