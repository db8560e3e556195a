import ArgumentParser
import FilsluseHTTP
import ServiceLifecycle
import SystemPackage

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

  /// Serves the page; the service that stops it, and none where no page is asked for.
  ///
  /// - Parameter start: begins to serve at an address, under the names beside `localhost` and with the token given.
  func services(
    _ start: (HTTPAddress, [String], AccessToken?) throws -> StatusServer
  ) throws -> [(name: String, service: any Service)] {
    guard let http else { return [] }
    let token = try httpToken.map { try AccessToken(file: FilePath($0)) }
    let server = try start(try HTTPAddress(http), httpName, token)
    return [(name: "page", service: StatusPageService(server: server))]
  }

  func validate() throws {
    if http == nil, httpToken != nil || !httpName.isEmpty {
      throw ValidationError(
        "--http-token and --http-name go with --http.", "--http-token og --http-name hører til --http.")
    }
  }
}

/// Serves the status page until the services are shut down, and answers the requests so far.
private struct StatusPageService: Service {
  let server: StatusServer

  func run() async throws {
    do { try await gracefulShutdown() } catch is CancellationError {}
    await server.stop()
  }
}

extension StatusServerError: HasExitStatus {
  var exitStatus: ExitStatus { .configuration }
}
