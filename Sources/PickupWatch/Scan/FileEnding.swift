internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The reason why a finding about a file has ended, by what happened to the file.
struct FileEnding {
  let evaluator: RuleEvaluator
  let state: InboxState
  let fate: FileFate

  private var rules: AccountRules { evaluator.rules(of: state.account) }
  private var moments: MomentText { evaluator.moments }
  private var observed: ObservedFile { fate.observed }

  func ending(of finding: Finding) -> FindingEnding? {
    if let gone = fate.gone { return self.gone(gone, finding) }
    switch finding.kind {
    case .dataWithoutMetadata: return came(observed.sidecar, da: "Filens metadata kom", en: "its metadata came at")
    case .metadataWithoutData: return came(observed.data, da: "Datafilen kom", en: "its data came at")
    case .dataWithoutTrigger: return came(observed.sidecar, da: "Filens trigger kom", en: "its trigger came at")
    case .stoppedGrowing, .sizeDiffers: return sized()
    case .metadataUnreadable where observed.facts != nil || observed.isReadReceipt:
      return FindingEnding(da: "Filen kan nu læses.", en: "it can be read now")
    case .notTakenFromOut where observed.sidecar == nil:
      return FindingEnding(
        da: "Platformen har taget triggeren; datafilen ligger der endnu.",
        en: "the platform has taken the trigger; the data still lies there")
    case .unknownInfRef, .unknownSender:
      return FindingEnding(
        da: "Indstillingerne kender nu filen.", en: "the settings now know the file")
    default:
      return FindingEnding(
        isMended: false, da: "Filen ligger der endnu, men reglen gælder den ikke mere.",
        en: "the file still lies there, but the rule no longer holds for it")
    }
  }

  private func came(_ part: ObservedFile.Part?, da: String, en: String) -> FindingEnding? {
    part.map { part in
      let at = moments.both(part.firstSeen)
      return FindingEnding(da: "\(da) \(at.da).", en: "\(en) \(at.en)")
    }
  }

  private func sized() -> FindingEnding? {
    guard let data = observed.data, let size = data.size, let facts = observed.facts else { return nil }
    let at = moments.both(data.changed)
    return FindingEnding(
      why: size == facts.size
        ? LocalizedText(
          da: "Filen var hel \(at.da): \(size) byte.", en: "it was whole at \(at.en): \(size.counted("byte"))")
        : LocalizedText(
          da: "Filen ændrede sig igen \(at.da) og er nu på \(size) byte.",
          en: "it changed again at \(at.en) and now has \(size.counted("byte"))"))
  }

  /// Returns true if the file was so old when it went that the platform may have removed it.
  private func mayBeCleanedUp(_ gone: Timestamp) -> Bool {
    guard observed.place == .inbox, let after = rules.account.cleanUpAfter else { return false }
    let age = observed.age(difference: state.clockDifference, longestPause: evaluator.longestPause)
    return gone >= age.since.later(by: after)
  }

  private func gone(_ gone: Timestamp, _ finding: Finding) -> FindingEnding {
    let at = moments.both(gone)
    if observed.place == .outbox {
      return finding.kind == .notTakenFromOut
        ? FindingEnding(
          da: "Platformen tog filen \(at.da).", en: "the platform took the file at \(at.en)")
        : FindingEnding(
          da: "Datafilen ligger ikke mere i OUT siden \(at.da).",
          en: "the data is no longer in OUT since \(at.en)")
    }
    guard let seen = fate.lastSeen, gone.since(seen) <= evaluator.longestPause else {
      let seen = fate.lastSeen.map(moments.both)
      return FindingEnding(
        da:
          "Filen er hentet eller fjernet \(seen.map { "mellem \($0.da) og" } ?? "før") \(at.da), mens mapperne ikke blev set.",
        en:
          "it was fetched or removed \(seen.map { "between \($0.en) and" } ?? "before") \(at.en), while nobody looked"
      )
    }
    if mayBeCleanedUp(gone) {
      return FindingEnding(
        isMended: false,
        da:
          "Filen var væk fra IN \(at.da): enten er den hentet, eller også har platformen slettet den. Se efter.",
        en:
          "it was gone from IN at \(at.en): either it was fetched, or the platform has removed it; make sure"
      )
    }
    switch finding.kind {
    case .pickUpLate:
      return FindingEnding(da: "Filen blev hentet \(at.da).", en: "it was fetched at \(at.en)")
    case .nearCleanUp:
      return FindingEnding(
        da: "Filen blev hentet \(at.da), før platformen slettede den.",
        en: "it was fetched at \(at.en), before the platform removed it")
    case .stoppedGrowing, .sizeDiffers:
      return FindingEnding(
        isMended: false,
        da: "Filen blev hentet eller fjernet \(at.da), uden at dens størrelse passede.",
        en: "it was fetched or removed at \(at.en), although its size was wrong")
    default:
      return FindingEnding(
        da: "Filen blev hentet eller fjernet \(at.da).", en: "it was fetched or removed at \(at.en)"
      )
    }
  }
}

extension ObservedFile {
  /// True for a receipt that was read.
  fileprivate var isReadReceipt: Bool {
    switch content {
    case .success, .errors: true
    case .unread, .metadata, .unreadable: false
    }
  }
}
