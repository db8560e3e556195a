/// The state of a delivery or of an arrival. No two of them share a name.
public enum SubjectState: Sendable, Hashable {
  /// A delivery's.
  case delivery(DeliveryState)
  /// An arrival's.
  case arrival(ArrivalState)

  /// The state of that name; `nil` where there is none.
  public init?(name: String) {
    if let state = DeliveryState(rawValue: name) {
      self = .delivery(state)
    } else if let state = ArrivalState(rawValue: name) {
      self = .arrival(state)
    } else {
      return nil
    }
  }

  /// Its name, as the journal has it.
  public var name: String {
    switch self {
    case .delivery(let state): state.rawValue
    case .arrival(let state): state.rawValue
    }
  }

  /// The names of all states.
  public static let names = DeliveryState.allCases.map(\.rawValue) + ArrivalState.allCases.map(\.rawValue)
}
