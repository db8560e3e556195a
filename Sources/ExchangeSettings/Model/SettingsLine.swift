/// The line of the settings file that something stands on, so that a finding can point to it.
///
/// All lines are equal: rules are the same when they ask for the same, wherever they are written.
public struct SettingsLine: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
  /// The line, counted from 1; `nil` for what stands in no file.
  public var number: Int?

  /// Names a line.
  public init(_ number: Int?) { self.number = number }

  /// Names a line.
  public init(integerLiteral value: Int) { number = value }

  /// No line.
  public init(nilLiteral: ()) { number = nil }

  /// Lines tell nothing apart.
  public static func == (one: Self, other: Self) -> Bool { true }

  /// Hashes nothing.
  public func hash(into hasher: inout Hasher) {}
}
