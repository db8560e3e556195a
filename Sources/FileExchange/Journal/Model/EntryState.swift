/// The event of a journal entry: a state that a delivery or an arrival has reached, or another event, such as
/// `removing-receipt`. More events may come.
public struct EntryState: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// Its name, as the journal has it.
  public let name: String

  /// Creates it from the name in an entry.
  public init(name: String) { self.name = name }

  /// Creates it from a literal name.
  public init(stringLiteral name: String) { self.init(name: name) }

  init(_ state: DeliveryState) { name = state.rawValue }

  init(_ state: ArrivalState) { name = state.rawValue }

  /// The state that was reached; `nil` for another event.
  public var reached: SubjectState? { SubjectState(name: name) }

  /// The name.
  public var description: String { name }
}
