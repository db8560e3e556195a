internal import FileExchange
internal import FilsluseBase
internal import FilsluseHTTP
internal import PickupWatch
internal import TriggerFiles

/// The pages that are asked for by their address.
extension ConsoleSite {
  func show(_ page: ConsolePage.Shown, _ asked: ConsoleRequest, _ status: WatchStatus) async throws -> HTTPResponse {
    switch page {
    case .overview, .wall: return try await overview(page, asked)
    case .alerts: return html(.ok, try await alerts(asked, status))
    case .alert: return html(.ok, try await alert(asked))
    case .inbox: return html(.ok, try await inbox(asked, status))
    case .file: return html(.ok, try await file(asked))
    case .municipality: return html(.ok, try await municipality(asked))
    case .municipalityDay: return html(.ok, try await municipalityDay(asked))
    case .journalSubject: return html(.ok, try await journal(asked))
    case .matrix: return html(.ok, try await matrix(asked, status))
    case .trends: return html(.ok, try await trends(asked, status))
    case .silences: return html(.ok, try await silences(asked, status))
    case .search: return html(.ok, SearchPage(found: nil, context: asked.context).html())
    case .done: return html(.ok, try await done(asked))
    }
  }

  /// The page after an act. Its address can be written by anybody, so what it says is compared with the act.
  private func done(_ asked: ConsoleRequest) async throws -> Markup {
    let page = try DonePage(asked: asked)
    let queries = try queries()
    guard let number = page.number, let kept = try await queries.doneAct(number),
      kept == DoneAct(kind: page.act.kind, count: page.count)
    else {
      throw PageProblem.notFound(
        LocalizedText(
          da: "Det er ikke sket, eller det er glemt: handlinger gemmes kun en tid.",
          en: "That was not done, or it is forgotten: acts are kept for a while only."))
    }
    return page.html()
  }

  private func overview(_ page: ConsolePage.Shown, _ asked: ConsoleRequest) async throws -> HTTPResponse {
    let order = try asked.inboxOrder()
    guard let content = await overviews.status() else { return Self.silent(asked.request, .shown(page)) }
    guard page == .wall else {
      return html(.ok, OverviewPage(content: content, context: asked.context, order: order).html())
    }
    var headers = WallPage.refresh
    headers["Set-Cookie"] = wallSessions?.newCookie(at: source.clock())
    return html(.ok, WallPage(content: content, voice: asked.voice).html(), headers: headers)
  }

  private func alerts(_ asked: ConsoleRequest, _ status: WatchStatus) async throws -> Markup {
    let filter = try asked.alertFilter()
    let queries = try queries()
    let unknown = try await queries.unknownCriterion(of: filter, infRefs: status.infRefs)
    if let unknown { throw PageProblem.unknown(unknown, path: PageAddress.alerts) }
    let alerts = try await queries.alerts(filter, PageNumber(try asked.page()))
    if alerts.isBeyondEnd { throw PageProblem.beyondEnd(alerts.pages, path: filter.address) }
    return AlertListPage(
      alerts: alerts, filter: filter, group: try await group(filter.group, in: queries), status: status,
      context: asked.context
    ).html()
  }

  /// The group of a kind and rule; `nil` where none of its alerts is open.
  private func group(_ key: RuleGroup.Key?, in queries: ConsoleQueries) async throws -> RuleGroup? {
    guard let key else { return nil }
    var filter = AlertFilter()
    filter.group = key
    return try await queries.ruleGroups(filter).first
  }

  private func alert(_ asked: ConsoleRequest) async throws -> Markup {
    let queries = try queries()
    guard let number = asked.number(0), let life = try await queries.life(ofAlert: number) else {
      throw PageProblem.notFound(
        LocalizedText(
          da: "Der er ingen alarm med det nummer, eller den er glemt: overståede alarmer gemmes kun en tid.",
          en: "There is no alert of that number, or it is forgotten: alerts that are over are kept for a while only."),
        path: PageAddress.alerts)
    }
    let finding = life.alert.finding
    let group = try await queries.ruleGroups().first { group in
      group.key.kind == finding.kind && group.rule?.en == finding.rule?.en
    }
    var members: Paged<Alert>?
    let page = try asked.page()
    if life.alert.group != nil {
      let found = try await queries.members(of: number, PageNumber(page))
      if found.isBeyondEnd { throw PageProblem.beyondEnd(found.pages, path: PageAddress.alert(number)) }
      members = found
    } else if page > 1 {
      throw PageProblem.beyondEnd(1, path: PageAddress.alert(number))
    }
    return AlertPage(life: life, group: group, members: members, context: asked.context).html()
  }

  private func inbox(_ asked: ConsoleRequest, _ status: WatchStatus) async throws -> Markup {
    let queries = try queries()
    let account = asked.value(0)
    guard let detail = try await queries.inbox(account) else {
      let name = Markup.cut(Masked.name(account), to: 80)
      throw PageProblem.notFound(
        LocalizedText(
          da: "Ingen indbakke hedder „\(name)“, eller den overvåges ikke.",
          en: "No inbox is called “\(name)”, or it is not watched."))
    }
    let path = PageAddress.inbox(account)
    let waiting = try await queries.files(
      of: account, .waiting, PageNumber(try asked.page("waiting"), size: InboxPage.lines))
    if waiting.isBeyondEnd { throw PageProblem.beyondEnd(waiting.pages, path: path) }
    let gone = try await queries.files(of: account, .gone, PageNumber(try asked.page("gone"), size: InboxPage.lines))
    if gone.isBeyondEnd { throw PageProblem.beyondEnd(gone.pages, path: path) }
    let alerts = try await queries.alerts(AlertFilter(account: account), PageNumber(1, size: 20))
    let trends = try await queries.pickUpTrends(days: InboxPage.days, account: account)
    return InboxPage(
      content: InboxPage.Content(detail: detail, waiting: waiting, gone: gone, alerts: alerts, trends: trends),
      status: status,
      context: asked.context
    ).html()
  }

  private func file(_ asked: ConsoleRequest) async throws -> Markup {
    let queries = try queries()
    guard let number = asked.number(0), let history = try await queries.file(number) else {
      throw PageProblem.notFound(
        LocalizedText(
          da: "Der er ingen fil med det nummer, eller den er glemt: filer, der er væk, gemmes kun en tid.",
          en: "There is no file of that number, or it is forgotten: files that are gone are kept for a while only."),
        path: PageAddress.search)
    }
    return FilePage(history: history, context: asked.context).html()
  }

  private func municipality(_ asked: ConsoleRequest) async throws -> Markup {
    let queries = try queries()
    let row = asked.value(0)
    let detail = try await queries.municipality(row)
    let page = PageNumber(try asked.page(), size: MunicipalityPage.lines)
    let files = try await queries.files(ofMunicipality: row, page)
    guard detail != nil || files?.items.isEmpty == false else {
      throw PageProblem.notFound(Self.noMunicipality, path: PageAddress.matrix)
    }
    if let files, files.isBeyondEnd { throw PageProblem.beyondEnd(files.pages, path: PageAddress.municipality(row)) }
    return MunicipalityPage(row: row, detail: detail, files: files, context: asked.context).html()
  }

  private func municipalityDay(_ asked: ConsoleRequest) async throws -> Markup {
    let (row, day) = (asked.value(0), asked.value(1))
    guard CivilDay(day) != nil else {
      throw PageProblem.badAddress(
        LocalizedText(da: "En dag skrives som 2026-11-21.", en: "A day is written as 2026-11-21."),
        path: PageAddress.matrix)
    }
    let path = PageAddress.municipality(row, day: day)
    let queries = try queries()
    guard let detail = try await queries.matrixCell(row, day: day, PageNumber(try asked.page())) else {
      throw PageProblem.notFound(Self.noMunicipality, path: PageAddress.matrix)
    }
    if detail.files.isBeyondEnd { throw PageProblem.beyondEnd(detail.files.pages, path: path) }
    return MunicipalityDayPage(row: row, day: day, detail: detail, context: asked.context).html()
  }

  private static let noMunicipality = LocalizedText(
    da: "Kommunerne har ingen række med det navn, eller der ventes ingen filer fra den på den dag.",
    en: "No row of the municipalities has that name, or no files are expected from it on that day.")

  private func journal(_ asked: ConsoleRequest) async throws -> Markup {
    guard let subject = subject(named: asked.value(0)) else { throw Self.noSuchNumber }
    let queries = try queries()
    let trail = try await queries.trail(of: subject)
    guard let trail else { throw Self.noSuchNumber }
    return JournalPage(trail: trail, context: asked.context).html()
  }

  /// The delivery or arrival of a number as the command prints it: `D12`, `A7`.
  private func subject(named text: String) -> JournalEntry.Subject? {
    guard let number = ConsoleRequest.positive(String(text.dropFirst())) else { return nil }
    if text.hasPrefix("D") { return .delivery(number) }
    if text.hasPrefix("A") { return .arrival(number) }
    return nil
  }

  private static let noSuchNumber = PageProblem.notFound(
    LocalizedText(
      da: "Journalen her har ingen levering eller modtagelse med det nummer (D12, A7).",
      en: "The journal here has no delivery or arrival of that number (D12, A7)."), path: PageAddress.search)

  private func matrix(_ asked: ConsoleRequest, _ status: WatchStatus) async throws -> Markup {
    let days = try asked.choice("days", of: MatrixPage.days, otherwise: 14)
    let account = try asked.field("account")
    let infRef = try asked.field("infref").map { ShownInfRef(shown: $0) }
    try expectWatched(account, status, path: PageAddress.matrix)
    let queries = try queries()
    let matrix = try await queries.matrix(days: days, account: account, infRef: infRef)
    if matrix.rows.isEmpty, infRef != nil {
      throw PageProblem.notFound(
        LocalizedText(
          da: "Der ventes ingen filer med den InfRef i de dage.",
          en: "No files of that InfRef are expected on those days."),
        path: PageAddress.matrix)
    }
    let number = try asked.page()
    guard number <= MatrixPage.pages(of: matrix) else {
      let first = MatrixPage.address(days: days, account: account, infRef: infRef)
      throw PageProblem.beyondEnd(MatrixPage.pages(of: matrix), path: first)
    }
    return MatrixPage(
      matrix: matrix, number: number, account: account, infRef: infRef, context: asked.context
    ).html()
  }

  private func trends(_ asked: ConsoleRequest, _ status: WatchStatus) async throws -> Markup {
    let days = try asked.choice("days", of: TrendsPage.days, otherwise: 30)
    let account = try asked.field("account")
    try expectWatched(account, status, path: PageAddress.trends)
    let queries = try queries()
    let trends = try await queries.pickUpTrends(days: days, account: account)
    let punctuality = try await queries.punctuality(days: days, account: account)
    let number = try asked.page()
    guard number <= TrendsPage.pages(of: trends) else {
      let first = TrendsPage.address(days: days, account: account)
      throw PageProblem.beyondEnd(TrendsPage.pages(of: trends), path: first)
    }
    let content = TrendsPage.Content(
      days: days, account: account, trends: trends, punctuality: punctuality, number: number)
    return TrendsPage(content: content, context: asked.context).html()
  }

  /// - Throws: `PageProblem` for an account of the address whose inbox is not watched.
  private func expectWatched(_ account: String?, _ status: WatchStatus, path: String) throws {
    if let account, !status.inboxes.contains(where: { $0.account == account }) {
      throw PageProblem.unwatched(path: path)
    }
  }

  private func silences(_ asked: ConsoleRequest, _ status: WatchStatus) async throws -> Markup {
    let queries = try queries()
    let silences = try await queries.silences(PageNumber(try asked.page()))
    if silences.isBeyondEnd { throw PageProblem.beyondEnd(silences.pages, path: PageAddress.silences) }
    return SilencesPage(silences: silences, status: status, context: asked.context).html()
  }
}
