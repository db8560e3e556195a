/// A secret that prints as a placeholder when it is described, logged or dumped.
public struct Redacted<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The secret itself. Named so that a reader notices where it leaves its cover.
  public let exposed: Value

  /// Covers a secret.
  public init(_ value: Value) { exposed = value }

  /// The placeholder.
  public var description: String { "[redacted]" }

  /// The placeholder.
  public var debugDescription: String { description }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}
