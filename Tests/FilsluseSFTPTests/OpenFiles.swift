import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

extension TestServer {
  /// Waits until no process of the server has this file of the outbox open.
  func expectClosed(_ name: String) async throws {
    let path = outbox.appending(name).string
    for _ in 0..<100 where isOpen(path) { try await Task.sleep(for: .milliseconds(20)) }
    #expect(!isOpen(path))
  }

  private func isOpen(_ path: String) -> Bool {
    server.processes.contains { process in
      let folder = "/proc/\(process)/fd"
      let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return descriptors.contains {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
      }
    }
  }
}
