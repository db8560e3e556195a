internal import FileExchange
internal import FilsluseBase
internal import FilsluseHTTP
internal import Logging
internal import PickupWatch
internal import TriggerFiles

/// The handlers of forms: a search, and the acts of a person, each of which is done once for each form.
extension ConsoleSite {
  /// Does what a form asks for. What cannot be recorded now can be sent again: the answer has the form as it was sent.
  func act(_ action: FormAction, _ asked: ConsoleRequest, _ status: WatchStatus) async throws -> HTTPResponse {
    do {
      return try await perform(action, asked, status)
    } catch let problem as PageProblem where problem.status == .unavailable {
      return try unrecorded(problem.words, action, asked)
    } catch let error as ExchangeError {
      logger.error("an act could not be recorded: \(error)")
      let isHere = error.code == .actNotShared
      let words =
        isHere || error.code == .journal
        ? LocalizedText(LocalizedText("\(error.message); \(error.remedy)").asSentence.en, error.inDanish)
        : PageProblem.storeFailed.words
      if isHere { await forgetSnapshots() }
      return try unrecorded(words, action, asked, isRecordedHere: isHere)
    }
  }

  private func unrecorded(
    _ words: LocalizedText, _ action: FormAction, _ asked: ConsoleRequest, isRecordedHere: Bool = false
  ) throws -> HTTPResponse {
    guard let form = SentForm.fields(of: asked.request) else { throw PageProblem.noForm }
    let page = UnrecordedPage(
      words: words, action: action, form: form, voice: asked.voice, isRecordedHere: isRecordedHere)
    return html(.unavailable, page.html())
  }

  /// Drops the snapshots, so that the next page shows the change.
  private func forgetSnapshots() async {
    await snapshot.forget()
    await overviews.forget()
  }

  private func perform(_ action: FormAction, _ asked: ConsoleRequest, _ status: WatchStatus) async throws
    -> HTTPResponse
  {
    switch action {
    case .acknowledge: try await acknowledge(asked)
    case .undo: try await undo(asked)
    case .silence: try await silence(asked, status)
    case .endSilence: try await endSilence(asked)
    case .showNames: try await showNames(asked)
    }
  }

  /// The text goes into no log and no address: the answer is the page itself.
  func search(_ asked: ConsoleRequest) async throws -> HTTPResponse {
    guard let form = FormFields(asked.request), let text = form["text"] else { throw PageProblem.noForm }
    let wanted = Self.trimmed(text)
    guard wanted.unicodeScalars.count <= ConsoleQueries.longestSearch else { throw PageProblem.longSearch }
    if wanted.isEmpty { return html(.ok, SearchPage(found: nil, context: asked.context).html()) }
    let queries = try queries()
    let matches = try await queries.search(wanted, limit: SearchPage.most)
    return html(.ok, SearchPage(found: (text: wanted, matches: matches), context: asked.context).html())
  }

  // MARK: Acknowledgements

  private func acknowledge(_ asked: ConsoleRequest) async throws -> HTTPResponse {
    let sent = try SentForm(asked, .acknowledge, at: source.clock())
    let selection: AlertSelection
    if let group = sent.form["group"] {
      guard let key = RuleGroup.Key(id: group) else { throw PageProblem.noForm }
      selection = .group(key, account: sent.text("account"))
    } else {
      selection = .alerts(try sent.alerts())
    }
    let queries = try queries()
    let result = try sent.value(try await queries.acknowledge(selection, sent.act))
    try sent.expectChange(by: result)
    return await done(.acknowledged, result, sent)
  }

  private func undo(_ asked: ConsoleRequest) async throws -> HTTPResponse {
    let sent = try SentForm(asked, .undo, at: source.clock())
    let selection: AlertSelection
    if let number = sent.form["act"] {
      guard let act = ConsoleRequest.positive(number) else { throw PageProblem.noForm }
      selection = .act(act)
    } else {
      selection = .alerts(try sent.alerts())
    }
    let queries = try queries()
    let result = try sent.value(try await queries.undoAcknowledgement(selection, sent.act))
    try sent.expectChange(by: result)
    return await done(.undone, result, sent)
  }

  private func done(_ act: DonePage.Act, _ result: ActResult, _ sent: SentForm) async -> HTTPResponse {
    // More alerts than were chosen are changed where one of them stands for many.
    let others = result.outcomes.values.count { $0 != .done } + result.left
    return await done(act, count: result.count, others: others, number: result.act, sent)
  }

  /// Leads to the page that says what was done.
  private func done(
    _ act: DonePage.Act, count: Int, others: Int = 0, number: Int64, _ sent: SentForm
  ) async -> HTTPResponse {
    await forgetSnapshots()
    return .seeOther(
      DonePage.address(act, count: count, others: others, number: number, back: sent.back, tickets: tickets),
      headers: ConsoleRequest.remember(sent.act.by))
  }

  // MARK: Silences

  private func silence(_ asked: ConsoleRequest, _ status: WatchStatus) async throws -> HTTPResponse {
    let sent = try SentForm(asked, .silence, at: source.clock())
    guard let until = sent.form["until"].flatMap(asked.voice.moment(ofLocal:)) else {
      throw PageProblem.refused(
        LocalizedText(
          da: "Dæmpningens slutning er ikke en dag og et klokkeslæt som 2026-11-21T08:00.",
          en: "The end of the silence is not a day and a time such as 2026-11-21T08:00."), back: sent.back)
    }
    let matcher = try await matcher(sent, status)
    let queries = try queries()
    let result = try sent.value(try await queries.silence(matcher, from: nil, until: until, sent.act))
    return try await done(.silenced, result, sent)
  }

  private func endSilence(_ asked: ConsoleRequest) async throws -> HTTPResponse {
    let sent = try SentForm(asked, .endSilence, at: source.clock())
    guard let number = sent.form["silence"].flatMap(ConsoleRequest.positive) else { throw PageProblem.noForm }
    let queries = try queries()
    let result = try sent.value(try await queries.endSilence(number, sent.act))
    return try await done(.unsilenced, result, sent)
  }

  private func done(
    _ act: DonePage.Act, _ result: SilenceResult, _ sent: SentForm
  ) async throws -> HTTPResponse {
    if result.isRepetition { throw sent.repetition(of: result.act) }
    return await done(act, count: result.alerts, number: result.act, sent)
  }

  /// The criteria that a form for a silence asks for.
  private func matcher(_ sent: SentForm, _ status: WatchStatus) async throws -> Silence.Matcher {
    guard let scope = sent.form["scope"].flatMap(SilenceScope.init(rawValue:)) else { throw PageProblem.noForm }
    switch scope {
    case .fields: return try Self.matcher(ofFields: sent, status)
    case .group:
      let account = try Self.account(of: sent, status)
      guard let key = sent.form["group"].flatMap(RuleGroup.Key.init(id:)) else { throw PageProblem.noForm }
      let queries = try queries()
      guard let matcher = try await queries.matcher(for: key, account: account) else {
        throw PageProblem.conflict(
          LocalizedText(
            da: "Gruppen er væk: ingen af dens alarmer er åbne.", en: "The group is gone: none of its alerts is open."),
          back: sent.back)
      }
      return matcher
    case .alert, .kind, .infRef, .inbox:
      let number = sent.form["alert"].flatMap(ConsoleRequest.positive)
      let queries = try queries()
      guard let number, let life = try await queries.life(ofAlert: number) else {
        throw PageProblem.notFound(SentForm.noAlert, path: sent.back)
      }
      guard let matcher = Self.matcher(scope, of: life.alert.finding) else {
        throw PageProblem.refused(
          LocalizedText(
            da: "Alarmen handler ikke om en sådan indbakke eller InfRef, så intet kan dæmpes efter den.",
            en: "The alert is about no such inbox or InfRef, so nothing can be silenced by it."), back: sent.back)
      }
      return matcher
    }
  }

  /// The criteria of a scope of an alert; `nil` where the alert has no inbox or InfRef of its own: without it the silence
  /// would hold for more than the form says.
  private static func matcher(_ scope: SilenceScope, of finding: Finding) -> Silence.Matcher? {
    if scope == .alert { return Silence.Matcher(findingID: finding.id) }
    if finding.account.isEmpty { return nil }
    switch scope {
    case .kind: return Silence.Matcher(account: finding.account, kind: finding.kind.rawValue)
    case .infRef:
      return finding.infRef.map { infRef in
        Silence.Matcher(account: finding.account, infRef: InfRef(unchecked: infRef.description))
      }
    case .inbox: return Silence.Matcher(account: finding.account)
    case .alert, .group, .fields: return nil
    }
  }

  /// The inbox that a form names; `nil` where it names none.
  ///
  /// - Throws: `PageProblem` for one that is not watched.
  private static func account(of sent: SentForm, _ status: WatchStatus) throws -> String? {
    guard let account = sent.text("account") else { return nil }
    guard status.inboxes.contains(where: { $0.account == account }) else {
      throw PageProblem.refused(
        LocalizedText(da: "Den indbakke overvåges ikke.", en: "That inbox is not watched."), back: sent.back)
    }
    return account
  }

  private static func matcher(ofFields sent: SentForm, _ status: WatchStatus) throws -> Silence.Matcher {
    let account = try account(of: sent, status)
    let kind = sent.text("kind")
    if let kind, !(Finding.Kind.all + Finding.Kind.ofJournal).contains(where: { $0.rawValue == kind }) {
      throw PageProblem.refused(
        LocalizedText(da: "Den slags alarm findes ikke.", en: "There is no such kind of alert."), back: sent.back)
    }
    return Silence.Matcher(account: account, infRef: sent.text("infref").map(InfRef.init(unchecked:)), kind: kind)
  }

  // MARK: Names

  /// Shows the full name of a file on a page without an address, after the request for it has been recorded.
  private func showNames(_ asked: ConsoleRequest) async throws -> HTTPResponse {
    let sent = try SentForm(asked, .showNames, at: source.clock())
    guard let file = sent.form["file"].flatMap(ConsoleRequest.positive) else { throw PageProblem.noForm }
    guard sent.act.why != nil else {
      throw PageProblem.refused(
        LocalizedText(
          da: "Skriv, hvorfor du skal se det fulde navn.", en: "Write why you need to see the full name."),
        back: sent.back)
    }
    let queries = try queries()
    let names = try sent.value(try await queries.shownNames(of: [file], sent.act))
    guard !names.isEmpty else {
      throw PageProblem.notFound(
        LocalizedText(da: "Der er ingen fil med det nummer.", en: "There is no file of that number."), path: sent.back)
    }
    logger.notice("the full name of a file was shown", metadata: ["file": "\(file)"])
    return html(
      .ok, NamesPage(names: names, back: sent.back, voice: asked.voice).html(),
      headers: ConsoleRequest.remember(sent.act.by))
  }

  /// A text without the blanks around it.
  static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
