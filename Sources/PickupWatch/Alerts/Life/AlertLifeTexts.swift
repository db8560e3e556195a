package import TriggerFiles

extension AlertLifeEvent.What {
  /// The event in a few words, without sink and person.
  package var words: LocalizedText {
    switch self {
    case .seen: LocalizedText(da: "set første gang", en: "seen for the first time")
    case .fired: LocalizedText(da: "blev til en alarm", en: "began to fire")
    case .worse: LocalizedText(da: "blev kritisk", en: "became critical")
    case .better: LocalizedText(da: "er igen en advarsel", en: "is a warning again")
    case .firedAgain: LocalizedText(da: "melder igen efter kvitteringen", en: "fires again after the acknowledgement")
    case .grouped: LocalizedText(da: "kom med i en samlet alarm", en: "joined a group")
    case .sent: LocalizedText(da: "sendt", en: "sent")
    case .notTaken: LocalizedText(da: "ikke modtaget, prøves igen", en: "not taken, tried again")
    case .dropped: LocalizedText(da: "opgivet, fordi kanalen ikke tog imod", en: "dropped, since the sink took nothing")
    case .acknowledged: LocalizedText(da: "kvitteret", en: "acknowledged")
    case .undone: LocalizedText(da: "kvittering taget tilbage", en: "acknowledgement taken back")
    case .silenced: LocalizedText(da: "dæmpet", en: "silenced")
    case .silenceEnded: LocalizedText(da: "ikke længere dæmpet", en: "no longer silenced")
    case .resolved: LocalizedText(da: "løst", en: "resolved")
    case .expired: LocalizedText(da: "afsluttet, uden at det vides løst", en: "closed, not known to be resolved")
    }
  }
}
