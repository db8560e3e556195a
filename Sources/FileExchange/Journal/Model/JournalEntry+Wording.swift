package import TriggerFiles

extension JournalEntry {
  /// The state or the event as people read it: its name in English, a word in Danish where it has one.
  package var title: LocalizedText {
    state.reached?.title ?? LocalizedText(state.name, Self.danishEvents[state] ?? state.name)
  }

  /// The detail in both languages. The journal keeps it in English; fixed sentences are translated to Danish, others
  /// are shown unchanged.
  package var detailText: LocalizedText? {
    guard let detail else { return nil }
    for (english, danish) in Self.sentences where detail.hasPrefix(english.begin) && detail.hasSuffix(english.end) {
      guard detail.utf8.count >= english.begin.utf8.count + english.end.utf8.count else { continue }
      let value = detail.dropFirst(english.begin.count).dropLast(english.end.count)
      return LocalizedText(detail, danish.begin + danish.joint(before: String(value)) + danish.end)
    }
    return LocalizedText(detail)
  }

  /// A sentence around a value.
  private struct Sentence: Sendable {
    let begin: String
    let end: String

    init(_ begin: String, _ end: String = "") { (self.begin, self.end) = (begin, end) }

    /// Joins the value in Danish; in English a value with a time begins with `of`.
    func joint(before value: String) -> String {
      value.hasPrefix(" of ") ? " fra \(value.dropFirst(4))" : value
    }
  }

  private static let sentences: [(english: Sentence, danish: Sentence)] = [
    (Sentence("its receipt", " is removed from IN"), Sentence("dens kvittering", " fjernes fra IN")),
    (
      Sentence("another receipt lies in IN than the journal has, and is left there"),
      Sentence("der ligger en anden kvittering i IN end den, journalen har, og den bliver liggende")
    ),
    (Sentence("no receipt yet"), Sentence("ingen kvittering endnu")),
    (
      Sentence("as recorded in the journal that a backup has replaced"),
      Sentence("som noteret i den journal, som en sikkerhedskopi har erstattet")
    ),
  ]

  private static let danishEvents: [EntryState: String] = [
    "removing-receipt": "kvittering fjernes", "receipt-differs": "anden kvittering", "answered": "besvaret",
    "answer-staged": "svar forberedt", "answer-sent": "svar sendt", "business-receipt": "forretningskvittering",
    "business-receipt-tied": "forretningskvittering knyttet",
  ]
}
