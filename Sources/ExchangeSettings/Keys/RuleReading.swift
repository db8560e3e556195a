internal import TriggerFiles

extension ValueType<WatchRule> {
  static var rule: Self {
    .section(
      RuleForm.table,
      form: { rule in
        switch rule {
        case .files(let rule): RuleForm(rule)
        case .account(let rule): RuleForm(rule)
        }
      }, read: { $0.readRule() })
  }
}

extension SectionFields<RuleForm> {
  fileprivate mutating func readRule() -> WatchRule? {
    readAccounts()
    let subjects = RuleForm.subject.filter { self[$0] != nil }
    guard let subject = subjects.first else { return readAccountRule() }
    guard subjects.count == 1 else {
      report(
        .conflict,
        LocalizedText(
          "found \(present(subjects).joined(separator: " and ")) in one rule, expected one of them",
          "fandt \(present(subjects).joined(separator: " og ")) i én regel, forventede én af dem"),
        remedy: LocalizedText("write a rule for each", "skriv en regel for hver"))
      return nil
    }
    return readFileRule(subject)
  }

  private var accounts: [String] { form.accounts ?? form.account.map { [$0] } ?? [] }

  /// Reads the accounts that the rule is about: `account: a`, or `accounts: [a, b]`.
  private mutating func readAccounts() {
    guard self[\.accounts] != nil else {
      require(\.account)
      read(\.account)
      return
    }
    refuse(
      [\.account], { _ in LocalizedText("found both account and accounts", "fandt både account og accounts") },
      remedy: LocalizedText("keep one of the two", "behold den ene"))
    read(\.accounts)
    if let names = form.accounts, Set(names).count != names.count {
      report(
        .badValue, at: \.accounts,
        LocalizedText("found an account twice, expected each once", "fandt en konto to gange, forventede hver én gang"),
        remedy: LocalizedText("remove the second", "fjern den anden"))
    }
  }

  private var line: SettingsLine { SettingsLine(entry.place?.line) }

  // MARK: About files

  private mutating func readFileRule(_ subject: PartialKeyPath<RuleForm>) -> WatchRule? {
    guard checkKeys(beside: subject) else { return nil }
    read(subject)
    checkLimits()
    readRest()
    let about = watchedFiles()
    guard (RuleForm.ofFiles + [\.warnAt]).contains(where: { self[$0] != nil }) else {
      reportMissing(
        \.pickUpWithin,
        LocalizedText(
          "the rule asks for nothing: how long “timely” is stands in no document of KOMBIT's, so there is no default",
          "reglen kræver intet: hvor længe „rettidigt“ er, står ikke i noget dokument fra KOMBIT, så der er ingen standard"
        ),
        remedy: LocalizedText(
          "add pick-up-within: with the period that you have agreed on, or expect: or business-answer-within:",
          "tilføj pick-up-within: med den aftalte frist, eller expect: eller business-answer-within:"))
      return nil
    }
    guard let about, isSound else { return nil }
    let pickUp = form.pickUpWithin.map { PickUpLimit(within: $0, warnAt: form.warnAt ?? AccountRule.standardWarnAt) }
    let expected = form.expect.map {
      ExpectedFiles(
        rhythm: $0, files: form.files ?? ExpectedFiles.standardFiles, municipalities: form.onePerMunicipality,
        grace: form.grace ?? .zero)
    }
    let limit =
      form.businessAnswerWithin.map(AwaitedAnswer.Limit.within) ?? form.businessAnswerBy.map { .by(minute: $0) }
    return .files(
      InfRefRule(
        accounts: accounts, about: about, pickUp: pickUp, expected: expected,
        answer: limit.map { AwaitedAnswer(limit: $0, infRef: form.answer) }, line: line))
  }

  /// Reports keys that say nothing about such files; returns false where the rest of the rule makes no sense then.
  private mutating func checkKeys(beside subject: PartialKeyPath<RuleForm>) -> Bool {
    if subject == \RuleForm.infRef {
      refuse(
        RuleForm.ofAccounts,
        { _ in
          LocalizedText(
            "found it beside infref, but it is about all files of an account",
            "fandt den ved siden af infref, men den gælder alle filer i en konto")
        },
        remedy: LocalizedText(
          "write it into a rule of its own, without infref", "skriv den i sin egen regel uden infref"))
      return true
    }
    var barred = RuleForm.ofAccounts + RuleForm.ofAnswers
    if subject == \RuleForm.arrival {
      refuse(barred) { _ in
        LocalizedText(
          "found it beside arrival, but it is not about what comes directly",
          "fandt den ved siden af arrival, men den gælder ikke det, der kommer direkte")
      }
    } else {
      barred += [\.expect] + RuleForm.ofExpected
      refuse(barred) { _ in
        LocalizedText(
          "found it beside bare-files, of which only the pick-up can be asked",
          "fandt den ved siden af bare-files, hvor kun afhentning kan kræves")
      }
    }
    return present(barred).isEmpty
  }

  /// Reports keys that belong to others that are left out.
  private mutating func checkLimits() {
    if self[\.pickUpWithin] == nil {
      refuse(
        [\.warnAt],
        { _ in
          LocalizedText(
            "found no pick-up-within: how long “timely” is stands in no document of KOMBIT's, so there is no default",
            "fandt ingen pick-up-within: hvor længe „rettidigt“ er, står ikke i noget dokument fra KOMBIT, så der er ingen standard"
          )
        },
        remedy: LocalizedText(
          "add pick-up-within: with the period that you have agreed on", "tilføj pick-up-within: med den aftalte frist"),
        code: .missingKey)
    }
    if self[\.expect] == nil {
      refuse(
        RuleForm.ofExpected,
        { _ in LocalizedText("found no expect: that it belongs to", "fandt ingen expect:, som den hører til") },
        remedy: LocalizedText("add expect: daily by 06:00", "tilføj „expect: daily by 06:00“"), code: .missingKey)
    }
    switch (self[\.businessAnswerWithin] != nil, self[\.businessAnswerBy] != nil) {
    case (true, true):
      refuse(
        [\.businessAnswerWithin],
        { _ in
          LocalizedText(
            "found both business-answer-within and business-answer-by",
            "fandt både business-answer-within og business-answer-by")
        }, remedy: LocalizedText("keep one of the two", "behold den ene"))
    case (false, false):
      refuse(
        [\.answer],
        { _ in
          LocalizedText(
            "found no business-answer-within or business-answer-by that it belongs to",
            "fandt ingen business-answer-within eller business-answer-by, som den hører til")
        },
        remedy: LocalizedText(
          "add business-answer-within: 2d, or business-answer-by: 06:00",
          "tilføj business-answer-within: 2d eller business-answer-by: 06:00"), code: .missingKey)
    default: break
    }
  }

  private mutating func watchedFiles() -> WatchedFiles? {
    if let infRef = form.infRef { return .infRef(infRef) }
    if let name = form.arrival { return directFiles(name) }
    return form.bareFiles.flatMap { bareFiles($0) }
  }

  private static var directArrival: LocalizedText {
    LocalizedText("an arrival of kind direct", "en modtagelse med kind: direct")
  }

  private mutating func directFiles(_ name: String) -> WatchedFiles? {
    guard reader.arrivalNames.contains(name) else {
      report(
        .unknownReference, at: \.arrival, .found(LocalizedText(Entry.shown(name)), expected: Self.directArrival),
        remedy: NearestName.to(name, among: reader.arrivalNames).map { NearestName.question($0) }
          ?? LocalizedText("add it under arrivals:", "tilføj den under arrivals:"))
      return nil
    }
    // One that could not be read has been reported.
    guard let arrival = reader.arrivals.first(where: { $0.name == name }) else { return nil }
    if let infRef = arrival.infRef {
      report(
        .conflict, at: \.arrival,
        .found(
          LocalizedText(
            "\(Entry.shown(name)), whose files come by a route", "\(Entry.shown(name)), hvis filer kommer ad en rute"),
          expected: Self.directArrival),
        remedy: LocalizedText("write infref: \(infRef) in its place", "skriv infref: \(infRef) i stedet"))
    } else if let other = accounts.first(where: { $0 != arrival.account }) {
      report(
        .conflict, at: \.arrival,
        LocalizedText(
          "found \(Entry.shown(name)), which is the account \(Entry.shown(arrival.account))'s, in a rule about \(Entry.shown(other))",
          "fandt \(Entry.shown(name)), som hører til kontoen \(Entry.shown(arrival.account)), i en regel om \(Entry.shown(other))"
        ),
        remedy: LocalizedText("write account: \(arrival.account)", "skriv account: \(arrival.account)"))
    }
    if case .cvr(let digits)? = form.onePerMunicipality?.first(where: \.isCVR) {
      report(
        .conflict, at: \.onePerMunicipality,
        LocalizedText(
          "found the CVR number \(digits), but a direct transmission names no authority",
          "fandt CVR-nummeret \(digits), men en direkte overførsel nævner ingen myndighed"),
        remedy: LocalizedText(
          "write the municipality's code, which is looked for in the files' names",
          "skriv kommunens kode, som der ses efter i filernes navne"))
    }
    return .direct(arrival: name, senders: arrival.senders ?? [])
  }

  private mutating func bareFiles(_ pattern: FileNamePattern) -> WatchedFiles? {
    for account in reader.accounts where accounts.contains(account.name) && !account.bareFiles.contains(pattern) {
      report(
        .unknownReference, at: \.bareFiles,
        LocalizedText(
          "found \(Entry.shown(pattern.description)), which the account \(Entry.shown(account.name)) does not name",
          "fandt \(Entry.shown(pattern.description)), som kontoen \(Entry.shown(account.name)) ikke nævner"),
        remedy: LocalizedText("add it to bare-files: of the account", "tilføj det til kontoens bare-files:"))
      return nil
    }
    return .bare(pattern)
  }

  // MARK: About accounts

  private mutating func readAccountRule() -> WatchRule? {
    refuse(
      RuleForm.ofFiles,
      { _ in LocalizedText("a rule about files names their InfRef", "en regel om filer nævner deres InfRef") },
      remedy: LocalizedText("add infref:", "tilføj infref:"), code: .missingKey)
    guard present(RuleForm.ofFiles).isEmpty else { return nil }
    guard !present(RuleForm.ofAccounts).isEmpty else {
      let others = RuleForm.ofAccounts.map { name($0) }.joined(separator: ", ")
      report(
        .missingKey,
        LocalizedText(
          "the rule names no InfRef and asks for nothing: a rule about pickup needs a period, which nobody's default is",
          "reglen nævner ingen InfRef og kræver intet: en regel om afhentning har brug for en frist, som ingen har som standard"
        ),
        remedy: LocalizedText(
          "add infref: and pick-up-within:, or one of \(others)",
          "tilføj infref: og pick-up-within: eller en af \(others)"
        ))
      return nil
    }
    if self[\.cleanUpAfter] == nil {
      refuse(
        [\.warnAt],
        { _ in
          LocalizedText("found no clean-up-after that it belongs to", "fandt ingen clean-up-after, som den hører til")
        },
        remedy: LocalizedText("add clean-up-after:, or remove it", "tilføj clean-up-after:, eller fjern den"),
        code: .missingKey)
    }
    readRest()
    guard isSound else { return nil }
    return .account(
      AccountRule(
        accounts: accounts, platformTakesWithin: form.platformTakesWithin, receiptWithin: form.receiptWithin,
        halfPairAfter: form.halfPairAfter ?? AccountRule.standardHalfPairAfter,
        stalledAfter: form.stalledAfter ?? AccountRule.standardStalledAfter, cleanUpAfter: form.cleanUpAfter,
        warnAt: form.warnAt ?? AccountRule.standardWarnAt, mostFiles: form.mostFiles, mostBytes: form.mostBytes,
        line: line))
  }
}
