package import TriggerFiles

extension DeliveryState {
  /// The state as people read it: its code in English, a word in Danish.
  package var title: LocalizedText {
    let danish =
      switch self {
      case .staged: "forberedt"
      case .uploading: "sendes"
      case .uploaded: "overført"
      case .armed: "klargjort"
      case .triggering: "udløses"
      case .triggered: "udløst"
      case .taken: "taget"
      case .accepted: "godkendt"
      case .refused: "afvist"
      case .overdue: "forsinket"
      case .cancelled: "annulleret"
      case .givenUp: "opgivet"
      }
    return LocalizedText(rawValue, danish)
  }
}

extension ArrivalState {
  /// The state as people read it: its code in English, a word in Danish.
  package var title: LocalizedText {
    let danish =
      switch self {
      case .seen: "set"
      case .fetching: "hentes"
      case .fetched: "ankommet"
      case .verified: "kontrolleret"
      case .handingOver: "overdrages"
      case .handedOver: "overdraget"
      case .removed: "hentet"
      case .quarantined: "i karantæne"
      case .setAside: "lagt til side"
      case .vanished: "forsvundet"
      }
    return LocalizedText(rawValue, danish)
  }
}

extension SubjectState {
  /// The state as people read it: its code in English, a word in Danish.
  package var title: LocalizedText {
    switch self {
    case .delivery(let state): state.title
    case .arrival(let state): state.title
    }
  }

  /// The state of a code, or of the Danish word for it; `nil` where there is none.
  package init?(said word: String) {
    let all = DeliveryState.allCases.map(Self.delivery) + ArrivalState.allCases.map(Self.arrival)
    guard let state = all.first(where: { $0.name == word || $0.title.da == word }) else { return nil }
    self = state
  }
}
