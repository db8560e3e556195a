internal import FilsluseBase

/// A small HTTP server for GET, HEAD and POST, one request per connection, on a thread of its own.
///
/// Larger servers exist. This one has a limit on every resource that a client can use, which a page in a daemon that
/// must stay up needs most.
package final class HTTPServer: Sendable {
  /// Answers a request.
  package typealias Site = @Sendable (HTTPRequest) async -> HTTPResponse

  /// The address it listens at; the port is the real one.
  package let address: HTTPAddress
  private let mailbox: HTTPMailbox

  /// Listens and begins to serve.
  ///
  /// - Throws: ``StatusServerError`` when the address is not available.
  package init(_ wanted: HTTPAddress, limits: HTTPLimits = HTTPLimits(), site: @escaping Site)
    throws(StatusServerError)
  {
    let mailbox: HTTPMailbox
    do throws(EventFDError) { mailbox = try HTTPMailbox() } catch {
      throw StatusServerError(
        "the process cannot open more files (eventfd, error \(error.code))",
        "processen kan ikke åbne flere filer (eventfd, fejl \(error.code))",
        remedy: (en: "raise the limit of open files (ulimit -n)", da: "hæv grænsen for åbne filer (ulimit -n)"),
        isRetriable: true)
    }
    let listener = try HTTPListener(wanted)
    address = listener.address
    self.mailbox = mailbox
    BlockingThreads.startThread(named: "filsluse-http") {
      var loop = HTTPLoop(listener: listener, limits: limits, mailbox: mailbox, site: site)
      loop.run()
    }
  }

  deinit { mailbox.stop() }

  /// Accepts no more connections, answers the requests so far, and waits until all are answered: a few seconds at most.
  package func stop() async {
    mailbox.stop()
    await mailbox.ended()
  }
}
