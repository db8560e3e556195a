internal import ExchangeSettings
internal import FilsluseBase
package import TriggerFiles

/// An alert in words, in both languages.
extension Alert {
  /// The title in a few words.
  package var title: LocalizedText { inBothLanguages { $0.title(of: self) } }
  /// The meaning, in a sentence or two.
  var meaning: LocalizedText { inBothLanguages { $0.words(for: finding).meaning } }
  /// The remedy.
  var remedy: LocalizedText { inBothLanguages { $0.remedy(for: finding) } }

  /// Whom to ask.
  var advice: LocalizedText? {
    guard let danish = AlertWording(.danish).advice(for: finding),
      let english = AlertWording(.english).advice(for: finding)
    else { return nil }
    return LocalizedText(da: danish, en: english)
  }

  /// The InfRef as KOMBIT's order forms print it, where that is another.
  var orderForm: String? { AlertWording.orderForm(of: finding.infRef) }

  /// The number of findings that it stands for: 1, or more for a group.
  var count: Int { fold?.count ?? 1 }

  private func inBothLanguages(_ words: (AlertWording) -> String) -> LocalizedText {
    LocalizedText(da: words(AlertWording(.danish)), en: words(AlertWording(.english)))
  }
}

extension LocalizedText {
  /// The name of a kind of finding, in a few words.
  init(naming kind: Finding.Kind) {
    let finding = Finding(kind: kind, severity: .critical, account: "", subject: "")
    self.init(
      da: AlertWording(.danish).words(for: finding).title, en: AlertWording(.english).words(for: finding).title)
  }
}
