import SystemPackage
import Testing

@testable import FilsluseBase

@Suite struct ErrnoTests {
  @Test(
    "The failures of connections have words in Danish",
    arguments: [
      Errno.timedOut, .connectionAbort, .connectionRefused, .connectionReset, .networkReset, .networkDown,
      .networkUnreachable, .noRouteToHost, .hostIsDown,
    ])
  func connections(code: Errno) {
    #expect(!code.inDanish.contains("fejl nr."), "\(code)")
  }
}
