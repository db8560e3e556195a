import FoundationEssentials
import LocalPlatform
import SystemPackage

/// The measures of an undisturbed run: the points at which faults can come.
struct Baseline: Sendable {
  /// The kind of each counted call.
  var calls: [String] = []
  /// The bytes on its line.
  var bytes: [TCPProxy.Direction: Int] = [:]

  /// The numbers of the calls that concern more than a page of the journal.
  var callsOfWeight: [Int] { calls.indices.filter { calls[$0] != "pwrite" }.map { $0 + 1 } }

  /// Reads the calls from the log of the library of faults.
  static func calls(in log: FilePath) throws -> [String] {
    try String(contentsOfFile: log.string, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    }
  }
}
