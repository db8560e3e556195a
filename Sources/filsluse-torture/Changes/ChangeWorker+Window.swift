import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage

/// The moments between the look at an arrival and its removal from IN, which pass too quickly on loopback to be met by
/// chance: something holds the exchange there.
enum Window: Sendable, Hashable, CaseIterable {
  /// The arrival is here and the receiver's program at work on it; it is removed from IN after that.
  case hook
  /// The server stops answering while the arrival is looked at, fetched or removed.
  case server
}

extension ChangeWorker {
  private var gate: FilePath { safe.appending("gate") }
  private var hookRuns: FilePath { safe.appending("hook-runs") }

  /// A program that takes arrivals over, and waits while its gate is closed.
  static func workingHook(in safe: FilePath) -> String {
    """
    #!/bin/sh
    touch '\(safe.appending("hook-runs"))'
    while [ -e '\(safe.appending("gate"))' ]; do sleep 0.05; done
    sleep 0.2

    """
  }

  /// Prepares to hold the exchange before it is started.
  func prepare(_ window: Window?) throws {
    unlink(hookRuns.string)
    if window == .hook { try Data().write(to: URL(filePath: gate.string)) }
  }

  /// Waits for the moment of the change, and stops the exchange at it.
  func hold(_ window: Window, _ payload: Payload, at share: Double, _ run: RunningCommand) async throws {
    switch window {
    case .hook:
      _ = try await Wait.until(within: Self.patience) {
        FileManager.default.fileExists(atPath: hookRuns.string) || run.ended != nil
      }
    case .server:
      _ = try await Wait.until(within: Self.patience) {
        names(in: arrived).contains { $0.hasPrefix(payload.prefix) && $0.hasSuffix(".metadata") } || run.ended != nil
      }
      try await Task.sleep(for: .milliseconds(250) * share)
      line.stall()
    }
  }

  /// Releases the exchange.
  func release() {
    unlink(gate.string)
    line.resume()
  }
}
