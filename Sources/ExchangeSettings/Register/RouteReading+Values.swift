internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

// The values of single columns.
extension RouteReading {
  func text(_ column: RegisterColumn) -> String? { line.cells[column]?.text }

  func list(_ column: RegisterColumn) -> [String] {
    text(column)?.split(separator: "|").map { String($0).trimmingBlanks } ?? []
  }

  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ column: RegisterColumn, _: Word.Type
  ) -> Word? where Word.RawValue == String {
    guard let text = text(column) else { return nil }
    guard let word = Word(rawValue: text) else {
      let all = Word.allCases.map(\.rawValue)
      let nearest = NearestName.to(text, among: all)
      let words = all.joined(separator: ", ")
      reject(
        .badValue, column, expected: LocalizedText("one of \(words)", "et af \(words)"),
        nearest.map(NearestName.question))
      return nil
    }
    return word
  }

  /// Returns the word of a column, or the default of an empty one; `nil` for an invalid word, so that nothing that
  /// follows from it is checked.
  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ column: RegisterColumn, usually usual: Word
  ) -> Word? where Word.RawValue == String {
    text(column) == nil ? usual : word(column, Word.self)
  }

  mutating func day(_ column: RegisterColumn) -> CivilDay? {
    guard let text = text(column) else { return nil }
    if let known = builder.cache.days[text] { return known }
    guard let day = CivilDay(text) else {
      reject(.invalidDate, column, expected: LocalizedText("a date such as 2026-03-01", "en dato som 2026-03-01"))
      return nil
    }
    builder.cache.days[text] = day
    return day
  }

  mutating func system(_ column: RegisterColumn) -> SystemID? {
    guard let text = text(column) else { return nil }
    if let known = builder.cache.systems[text] { return known }
    do throws(ValueError) {
      let system = try SystemID(text)
      builder.cache.systems[text] = system
      return system
    } catch {
      reject(.invalidUUID, column, expected: error.expected, error.remedy)
      return nil
    }
  }

  mutating func authority(_ column: RegisterColumn) -> CVRNumber? {
    guard let text = text(column) else { return nil }
    if let known = builder.cache.authorities[text] { return known }
    do throws(ValueError) {
      let authority = try CVRNumber(text)
      builder.cache.authorities[text] = authority
      return authority
    } catch {
      reject(.invalidCVR, column, expected: error.expected, error.remedy)
      return nil
    }
  }

  mutating func infRef(_ place: InfRefPlace) -> InfRef? {
    guard let text = text(.infRef) else { return nil }
    if let known = builder.cache.infRefs[text] { return known }
    for finding in InfRef.check(text, register: builder.declared, place: place) {
      let code = RegisterFindingCode.unfitInfRef
      let message = LocalizedText(
        "infref: found \(Entry.shown(text)): \(finding.message(in: .english))",
        "infref: fandt \(Entry.shown(text)): \(finding.message(in: .danish))")
      let remedy = LocalizedText(finding.remedy(in: .english), finding.remedy(in: .danish))
      log.report(code, at: line.cells[.infRef]?.position, in: .infRef, message, remedy, severity: finding.severity)
      if finding.severity == .error { isSound = false }
    }
    guard let infRef = try? InfRef(text, register: builder.declared) else { return nil }
    builder.cache.infRefs[text] = infRef
    return infRef
  }

  mutating func municipality() -> Municipality? {
    guard let text = text(.municipality) else { return nil }
    if let known = builder.cache.municipalities[text] { return known }
    guard let municipality = Municipality(code: text) ?? MunicipalityName.municipality(named: text) else {
      reject(
        .unknownMunicipality, .municipality,
        expected: LocalizedText(
          "one of the 98 municipalities by code or name, such as 0751, 751 or Aarhus",
          "en af de 98 kommuner ved kode eller navn, som 0751, 751 eller Aarhus"),
        MunicipalityName.question(about: text))
      return nil
    }
    builder.cache.municipalities[text] = municipality
    return municipality
  }

  /// An integration of the documents' catalogue.
  mutating func integration() -> String? {
    guard let text = text(.integration) else { return nil }
    let known = OnboardingTasks.all.map(\.integration) + Integration.all.map(\.id)
    guard known.contains(text) else {
      reject(
        .badValue, .integration,
        expected: LocalizedText(
          "an integration of the documents, such as SF1590_A", "en integration i dokumenterne, fx SF1590_A"),
        NearestName.to(text, among: known).map(NearestName.question))
      return nil
    }
    return text
  }

  mutating func account() -> Account? {
    require(.account)
    guard let name = text(.account) else { return nil }
    guard builder.accountNames.contains(name) else {
      let nearest = NearestName.to(name, among: builder.accountNames)
      let known = builder.accountNames.joined(separator: ", ")
      reject(
        .unknownAccount, .account,
        expected: LocalizedText("an account of the settings: \(known)", "en konto i indstillingerne: \(known)"),
        nearest.map(NearestName.question)
          ?? LocalizedText("add the account to the settings", "tilføj kontoen i indstillingerne"))
      return nil
    }
    return builder.accounts[name]
  }

  mutating func pickUp() -> RulePeriod? {
    guard let text = text(.pickUp) else { return nil }
    guard let period = RulePeriod(text) else {
      reject(
        .badValue, .pickUp,
        expected: LocalizedText("a period such as 4h or 4h business", "en frist som 4h eller 4h business"))
      return nil
    }
    return period
  }

  mutating func period(_ column: RegisterColumn) -> Duration? {
    guard let text = text(column) else { return nil }
    guard let period = DurationText.parse(text) else {
      reject(.badValue, column, expected: LocalizedText("a period such as 10s or 30d", "et tidsrum som 10s eller 30d"))
      return nil
    }
    return period
  }
}
