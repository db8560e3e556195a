import PickupWatch
import TriggerFiles

extension Finding.Severity {
  /// The severity as people read it: its code in English, a word in Danish.
  var title: LocalizedText { LocalizedText(rawValue, self == .critical ? "kritisk" : "advarsel") }
}

extension Alert {
  /// The state as people read it: its code in English, a word in Danish.
  var stateTitle: LocalizedText {
    if isExpired { return LocalizedText("expired", "udløbet") }
    return switch state {
    case .pending: LocalizedText(state.rawValue, "afventer")
    case .firing: LocalizedText(state.rawValue, "aktiv")
    case .acknowledged: LocalizedText(state.rawValue, "kvitteret")
    case .resolved: LocalizedText(state.rawValue, "overstået")
    }
  }
}
