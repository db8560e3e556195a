internal import TriggerFiles
internal import Yams

/// A rule of the watch: about files, or about accounts.
enum WatchRule: Sendable {
  case files(InfRefRule)
  case account(AccountRule)
}

/// A rule as the file writes it.
struct RuleForm {
  var account: String?
  var accounts: [String]?
  var infRef: InfRef?
  var arrival: String?
  var bareFiles: FileNamePattern?
  var pickUpWithin: RulePeriod?
  var expect: Rhythm?
  var files: Int?
  var onePerMunicipality: [ExpectedMunicipality]?
  var grace: Duration?
  var businessAnswerWithin: RulePeriod?
  var businessAnswerBy: Int?
  var answer: InfRef?
  var platformTakesWithin: Duration?
  var receiptWithin: Duration?
  var halfPairAfter: Duration?
  var stalledAfter: Duration?
  var cleanUpAfter: Duration?
  var warnAt: Int?
  var mostFiles: Int?
  var mostBytes: UInt64?

  static let table = KeyTable("Rules", blank: RuleForm()) { table in
    table.optional(
      "account", \.account, .accountName, needed: LocalizedText("the name of an account", "navnet på en konto"),
      unless: "accounts",
      "The account that the rule is about.")
    table.optional(
      "accounts", \.accounts, .list(of: .accountName, LocalizedText("a list of accounts", "en liste over konti")),
      unless: "account", "One rule for several accounts.")
    table.optional(
      "infref", \.infRef, .watchedInfRef, otherwise: "the rule is about other files",
      "The InfRef of the files that the rule is about; SF7002 stands for both versions of SortimentOverfør.")
    table.optional(
      "arrival", \.arrival,
      .text(
        LocalizedText("the name of an arrival of kind direct", "navnet på en modtagelse med kind: direct")
      ) { _ in true },
      otherwise: "the rule is about other files", "In place of infref: the files that this direct arrival expects.")
    table.optional(
      "bare-files", \.bareFiles, .fileNamePattern, otherwise: "the rule is about other files",
      "In place of infref: one of the account's patterns of bare files; their pick-up alone can be asked for.")
    table.optional(
      "pick-up-within", \.pickUpWithin, .rulePeriod, otherwise: "not looked for",
      "How soon files in IN must be picked up, by the clock; \"4h business\" counts business hours alone.")
    table.optional(
      "expect", \.expect, .rhythm, otherwise: "none are expected", "When files are to have come.")
    table.optional(
      "files", \.files, .number(upTo: 100_000), standard: ExpectedFiles.standardFiles,
      "How many files are expected; of each municipality, where they are named.")
    table.optional(
      "one-per-municipality", \.onePerMunicipality, .municipalities, otherwise: "they are not distinguished",
      "The municipalities that must each send: codes in file names, or the recipients' CVR numbers.")
    table.optional("grace", \.grace, .period, "How much later than expected a file may come.")
    table.optional(
      "business-answer-within", \.businessAnswerWithin, .rulePeriod, otherwise: "not looked for",
      "How soon a delivery must be answered.")
    table.optional(
      "business-answer-by", \.businessAnswerBy, .timeOfDay, otherwise: "not looked for", example: "\"06:00\"",
      "In place of business-answer-within: by the next time that the clock shows this.")
    table.optional(
      "answer", \.answer, .infRef(in: .arrival), otherwise: "a business receipt is the answer",
      "The InfRef whose arrival is the answer.")
    table.optional(
      "platform-takes-within", \.platformTakesWithin, .period, otherwise: "not looked for",
      "How soon the platform must take triggers from OUT.")
    table.optional(
      "receipt-within", \.receiptWithin, .period, otherwise: "not looked for",
      "How soon the receipt must follow the trigger, by the journal and the files in IN.")
    table.optional(
      "half-pair-after", \.halfPairAfter, .period, standard: AccountRule.standardHalfPairAfter,
      "How long data may stand without metadata, or metadata without data.")
    table.optional(
      "stalled-after", \.stalledAfter, .period, standard: AccountRule.standardStalledAfter,
      "How long a file that is not whole may stand without growing.")
    table.optional(
      "clean-up-after", \.cleanUpAfter, .period, otherwise: "not looked for",
      "When your platform removes files that were not fetched: ask its operator.")
    table.optional(
      "warn-at", \.warnAt, .percentage, standard: AccountRule.standardWarnAt,
      "The share of pick-up-within or of clean-up-after at which there is a warning.")
    table.optional(
      "most-files", \.mostFiles, .number(upTo: 100_000_000), otherwise: "not looked for",
      "The most data files in IN.")
    table.optional(
      "most-bytes", \.mostBytes, .byteCount, otherwise: "not looked for", "The most bytes of data in IN.")
  }

  static var subject: [PartialKeyPath<RuleForm>] { [\.infRef, \.arrival, \.bareFiles] }
  static var ofExpected: [PartialKeyPath<RuleForm>] { [\.files, \.onePerMunicipality, \.grace] }
  static var ofAnswers: [PartialKeyPath<RuleForm>] { [\.businessAnswerWithin, \.businessAnswerBy, \.answer] }
  static var ofFiles: [PartialKeyPath<RuleForm>] { [\.pickUpWithin, \.expect] + ofExpected + ofAnswers }
  static var ofAccounts: [PartialKeyPath<RuleForm>] {
    [
      \.platformTakesWithin, \.receiptWithin, \.halfPairAfter, \.stalledAfter, \.cleanUpAfter, \.mostFiles,
      \.mostBytes,
    ]
  }

  private init() {}

  private init(accounts names: [String]) {
    if names.count == 1 { account = names[0] } else { accounts = names }
  }

  init(_ rule: InfRefRule) {
    self.init(accounts: rule.accounts)
    switch rule.subject {
    case .infRef(let name): infRef = name
    case .direct(let name, _): arrival = name
    case .bare(let pattern): bareFiles = pattern
    }
    pickUpWithin = rule.pickUp?.within
    warnAt = rule.pickUp?.warnAt
    expect = rule.expected?.rhythm
    files = rule.expected?.files
    onePerMunicipality = rule.expected?.municipalities
    grace = rule.expected.flatMap { $0.grace > .zero ? $0.grace : nil }
    switch rule.answer?.limit {
    case .within(let period): businessAnswerWithin = period
    case .by(let minute): businessAnswerBy = minute
    case nil: break
    }
    answer = rule.answer?.infRef
  }

  init(_ rule: AccountRule) {
    self.init(accounts: rule.accounts)
    platformTakesWithin = rule.platformTakesWithin
    receiptWithin = rule.receiptWithin
    halfPairAfter = rule.halfPairAfter
    stalledAfter = rule.stalledAfter
    cleanUpAfter = rule.cleanUpAfter
    warnAt = rule.cleanUpAfter.map { _ in rule.warnAt }
    mostFiles = rule.mostFiles
    mostBytes = rule.mostBytes
  }
}

// MARK: Values of a rule

extension ValueType<InfRef> {
  /// The form that orders monitoring prints SF7002 as InfRef, so a rule may say so too.
  fileprivate static var watchedInfRef: Self {
    let infRef = ValueType<InfRef>.infRef(in: .watchRule)
    return Self(expected: infRef.expected) { entry, reader in
      entry.node.scalar?.string == InfRef.sf7002.name ? InfRef.sf7002 : infRef.read(entry, reader)
    } write: { infRef, _ in
      .text(infRef.name)
    }
  }
}

extension ValueType<RulePeriod> {
  fileprivate static var rulePeriod: Self {
    .text(
      LocalizedText(
        "a period such as 4h, 90m or 1h30m, or 4h business for business time",
        "et tidsrum som 4h, 90m eller 1h30m, eller 4h business for åbningstid"),
      remedy: LocalizedText(
        "use the units d, h, m and s; business time in h, m and s, 1000h at most, as its days have no one length",
        "brug enhederne d, h, m og s; åbningstid i h, m og s, højst 1000h, da dens dage ikke har én længde"),
      { RulePeriod($0) }, write: { .plain($0.description) })
  }
}

extension ValueType<Rhythm> {
  fileprivate static var rhythm: Self {
    .text(
      LocalizedText(
        "daily by 06:00, weekdays by 06:00, weekly mon by 06:00 or monthly 1 by 06:00",
        "„daily by 06:00“, „weekdays by 06:00“, „weekly mon by 06:00“ eller „monthly 1 by 06:00“"),
      remedy: LocalizedText(
        "days are mon, tue, wed, thu, fri, sat and sun; times have four digits",
        "dagene hedder „mon, tue, wed, thu, fri, sat, sun“; klokkeslæt har fire cifre"),
      { Rhythm($0) },
      write: { .text($0.description) })
  }
}

extension ValueType<[ExpectedMunicipality]> {
  /// A list of municipalities, or `all` of them.
  fileprivate static var municipalities: Self {
    let expected = LocalizedText(
      "a list of municipality codes (0101) or CVR numbers (8 digits), or all",
      "en liste over kommunekoder (0101) eller CVR-numre (8 cifre), eller all")
    let list = ValueType.list(
      of: .text(
        LocalizedText(
          "a municipality's code such as 0101, or a CVR number of 8 digits",
          "en kommunes kode som 0101 eller et CVR-nummer på 8 cifre"), { ExpectedMunicipality($0) },
        write: { .text($0.description) }), expected)
    return Self(
      expected: expected,
      read: { entry, reader in
        if case .scalar(let scalar) = entry.node, scalar.string == "all" {
          return Municipality.all.map { .code($0.code) }
        }
        guard let named = list.read(entry, reader) else { return nil }
        guard Set(named).count == named.count else {
          entry.report(
            .badValue,
            LocalizedText(
              "found a municipality twice, expected each once", "fandt en kommune to gange, forventede hver én gang"),
            remedy: LocalizedText("remove the second", "fjern den anden"))
          return nil
        }
        return named
      }, write: list.write)
  }
}
