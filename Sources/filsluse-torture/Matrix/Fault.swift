import LocalPlatform
import SystemPackage

/// A fault in one run of the command, at a certain moment.
///
/// Moments are counted, never timed: a call is the N-th by which the process changes the world (`CFaults.h`), a byte
/// the N-th on its line to the server.
enum Fault: Sendable, Hashable {
  /// SIGKILL at a call, after a part of the call is done.
  case kill(call: Int, percentDone: Int)
  /// The same, and all that was not synced is lost: what a loss of power leaves.
  case powerLoss(call: Int, percentDone: Int)
  case cut(TCPProxy.Direction, afterBytes: Int, TCPProxy.Ending)
  /// No space is left on any disk from a call on.
  case fullDisk(fromCall: Int)
  /// The wall clock jumps at a call.
  case clockJump(seconds: Int, atCall: Int)

  enum Kind: String, Sendable, CaseIterable {
    case kill = "killed"
    case powerLoss = "power lost"
    case cut = "connection cut"
    case fullDisk = "disk full"
    case clockJump = "clock jumped"
  }

  var kind: Kind {
    switch self {
    case .kill: .kill
    case .powerLoss: .powerLoss
    case .cut: .cut
    case .fullDisk: .fullDisk
    case .clockJump: .clockJump
    }
  }

  /// Returns the environment for the library of faults; `attic` is a folder for files that may have to come back after
  /// a loss of power.
  func variables(attic: FilePath) -> [String] {
    switch self {
    case .kill(let call, let percent):
      ["FILSLUSE_FAULT_KILL=\(call)", "FILSLUSE_FAULT_KILL_AFTER_PERCENT=\(percent)"]
    case .powerLoss(let call, let percent):
      Fault.kill(call: call, percentDone: percent).variables(attic: attic) + ["FILSLUSE_FAULT_POWER=\(attic)"]
    case .cut: []
    case .fullDisk(let call): ["FILSLUSE_FAULT_FULL=\(call)"]
    case .clockJump(let seconds, let call): ["FILSLUSE_FAULT_CLOCK=\(seconds)@\(call)"]
    }
  }

  /// Returns true if an output reports a full disk; SQLite has its own words for it.
  static func isDiskFull(_ words: String) -> Bool {
    ["No space left on device", "disk is full", "disk I/O error"].contains { words.contains($0) }
  }

  /// The same fault at an earlier point, for a run that ended before it.
  var earlier: Fault {
    switch self {
    case .kill(let call, let percent): .kill(call: max(1, call * 7 / 8), percentDone: percent)
    case .powerLoss(let call, let percent): .powerLoss(call: max(1, call * 7 / 8), percentDone: percent)
    case .cut(let direction, let bytes, let ending): .cut(direction, afterBytes: bytes * 7 / 8, ending)
    case .fullDisk(let call): .fullDisk(fromCall: max(1, call * 7 / 8))
    case .clockJump(let seconds, let call): .clockJump(seconds: seconds, atCall: max(1, call * 7 / 8))
    }
  }
}

extension Fault: CustomStringConvertible {
  var description: String {
    switch self {
    case .kill(let call, let percent): "killed at call \(call), \(percent) % of it done"
    case .powerLoss(let call, let percent): "power lost at call \(call), \(percent) % of it done"
    case .cut(let direction, let bytes, let ending):
      "connection \(ending) after \(bytes) bytes \(direction == .toServer ? "to" : "from") the server"
    case .fullDisk(let call): "disk full from call \(call)"
    case .clockJump(let seconds, let call): "clock \(seconds) s on at call \(call)"
    }
  }
}
