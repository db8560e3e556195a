import ArgumentParser

/// The lines to measure on.
enum LineChoice: String, ExpressibleByArgument {
  case loopback, delayed, both

  /// Returns true if a line is measured.
  func includes(delayed isDelayed: Bool) -> Bool { self == .both || isDelayed == (self == .delayed) }
}
