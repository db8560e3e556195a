import ExchangeSettings
import Foundation
import SystemPackage

@testable import FileExchange

/// A program of the receiver's: a shell script that finds the test's folder as `$1`, and writes to `$log`.
enum ReceiversProgram {
  /// Has arrivals handed over to the script.
  static func set(in settings: inout ExchangeSettings, tries: Int, answerBy: String? = nil) {
    let folder = settings.source.removingLastComponent()
    settings.arrivals[0].hook = ArrivalHook(
      command: ["/bin/sh", folder.appending("take-over").string, folder.string], timeout: .seconds(120), tries: tries,
      answerBy: answerBy)
  }

  static func write(_ script: String, for test: TestExchange) throws {
    try test.file("take-over", "set -eu\nlog=$1/log\n\(script)\n")
  }
}

extension TestExchange {
  /// An exchange whose arrivals go to a program.
  static func withProgram(
    _ script: String, tries: Int = 5, _ body: @Sendable (TestExchange) async throws -> Void
  ) async throws {
    try await with {
      ReceiversProgram.set(in: &$0, tries: tries)
    } _: { test in
      try ReceiversProgram.write(script, for: test)
      try await body(test)
    }
  }

  /// The lines that its program has written to `$log` so far.
  func log() throws -> [String] {
    guard let data = FileManager.default.contents(atPath: folder.appending("log").string) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
