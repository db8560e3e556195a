internal import TriggerFiles

/// An arrival as the file writes it.
private struct ArrivalForm {
  enum Kind: String, CaseIterable {
    case routed, direct
  }

  var kind = Kind.routed
  var arrival = ArrivalRoute(name: "", account: "", infRef: nil)

  static let table = KeyTable("Arrivals", blank: ArrivalForm()) { table in
    table.required(
      "account", \.arrival.account, .accountName,
      missing: LocalizedText("the name of an account", "navnet på en konto"), "The account that receives.")
    table.key(
      "kind", \.kind,
      .word(
        LocalizedText("routed or direct", "routed eller direct"),
        remedy: LocalizedText(
          "leave it out for files that come by a route", "udelad den for filer, der kommer ad en rute")),
      "routed: files that come by a route, known by their InfRef; direct: files that are sent to this account's user by name."
    )
    table.optional(
      "infref", \.arrival.infRef, .infRef(in: .arrival),
      needed: LocalizedText("the InfRef of the files", "filernes InfRef"),
      otherwise: "required unless kind: direct", "The InfRef of the files.")
    table.optional(
      "senders", \.arrival.senders, .list(of: .userName, LocalizedText("SFTP users", "SFTP-brugere")),
      needed: LocalizedText(
        "the SFTP users whose direct transmissions are taken", "de SFTP-brugere, hvis direkte overførsler modtages"),
      otherwise: "not checked; required for kind: direct", "The SFTP users that may send them.")
    table.optional(
      "sender-it-systems", \.arrival.senderITSystems,
      .list(of: .systemID, LocalizedText("the senders' IT-systems", "afsendernes it-systemer")),
      otherwise: "not checked", "The IT-systems that may send them.")
    table.optional(
      "sender-authorities", \.arrival.senderAuthorities,
      .list(of: .cvr, LocalizedText("the senders' CVR numbers", "afsendernes CVR-numre")),
      otherwise: "not checked", "The authorities on whose behalf they may be sent.")
    table.optional(
      "recipient-authorities", \.arrival.recipientAuthorities,
      .list(of: .cvr, LocalizedText("the recipients' CVR numbers", "modtagernes CVR-numre")),
      otherwise: "not checked", "The authorities that they may be meant for.")
    table.key(
      "municipalities", \.arrival.municipalities, .municipalitiesOfAuthorities,
      "Recipient authorities that are municipalities, by their CVR numbers. A file whose name says another one is taken all the same, with a warning in the journal and from `filsluse watch`. Nothing is guessed for those that are not named here."
    )
    table.optional(
      "hook", \.arrival.hook, .section(ArrivalHook.table),
      "Your program that takes over each file, once it stands in the inbox folder and before it is removed from IN. The sample take-over beside this file says what it is given and how it ends."
    )
    table.key(
      "business-receipts", \.arrival.businessReceipts, .yesOrNo,
      "If true, these files answer what you sent, and are tied to their deliveries.")
  }

  /// The fields of arrivals that come by a route.
  static var routed: [PartialKeyPath<ArrivalForm>] {
    [
      \.arrival.infRef, \.arrival.senderITSystems, \.arrival.senderAuthorities, \.arrival.recipientAuthorities,
      \.arrival.municipalities,
    ]
  }

  init() {}

  init(_ arrival: ArrivalRoute) {
    kind = arrival.isDirect ? .direct : .routed
    self.arrival = arrival
  }
}

extension ValueType<[ArrivalRoute]> {
  static var arrivals: Self {
    .named(
      LocalizedText("arrivals", "modtagelser"), ArrivalForm.table, name: \.name,
      form: { arrival, _ in ArrivalForm(arrival) }
    ) { name, fields in
      fields.readArrival(named: name)
    }
  }
}

extension SectionFields<ArrivalForm> {
  fileprivate mutating func readArrival(named name: String) -> ArrivalRoute? {
    form.arrival.name = name
    guard read(\.kind) else {
      readRest()
      return nil
    }
    switch form.kind {
    case .routed: require(\.arrival.infRef)
    case .direct:
      refuse(ArrivalForm.routed) { key in
        LocalizedText(
          "a direct transmission has no routing info and is known by its sender alone, expected no \(key)",
          "en direkte overførsel har ingen routing og kendes alene på sin afsender, forventede ingen \(key)")
      }
      require(\.arrival.senders)
    }
    readRest()
    guard isSound else { return nil }
    let arrival = form.arrival
    if arrival.infRef?.isSortiment ?? false, arrival.senders == nil, arrival.senderITSystems == nil {
      warn(
        .missingKey,
        LocalizedText(
          "nobody checks who sends this: a sortiment only ever comes from the shared classification system (FK-KLA)",
          "ingen ser efter, hvem der sender: et sortiment kommer kun fra det fælles klassifikationssystem (FK-KLA)"),
        remedy: LocalizedText(
          "add senders: or sender-it-systems: with that system's", "tilføj senders: eller sender-it-systems: med dets"))
    }
    return arrival
  }
}

extension SettingsReader {
  /// Reports a second direct arrival of one sender in an account, because direct transmissions are recognised by their
  /// sender only.
  func checkDirectSenders(in entry: Entry?) {
    var owners: [[String]: String] = [:]
    for arrival in arrivals where arrival.isDirect {
      for sender in arrival.senders ?? [] {
        if let owner = owners.updateValue(arrival.name, forKey: [arrival.account, sender]) {
          entry?.value(at: arrival.name)?.report(
            .conflict,
            LocalizedText(
              "found the sender \(Entry.shown(sender)), whose direct transmissions \(owner) expects already in this account",
              "fandt afsenderen \(Entry.shown(sender)), hvis direkte overførsler \(owner) allerede venter på denne konto"
            ),
            remedy: LocalizedText(
              "name each sender in one arrival of kind direct", "nævn hver afsender i én modtagelse med kind: direct"))
        }
      }
    }
  }
}

extension ValueType<[CVRNumber: String]> {
  /// CVR numbers of recipient authorities with their municipality codes.
  fileprivate static var municipalitiesOfAuthorities: Self {
    let code = LocalizedText("a municipality's code such as 0751", "en kommunes kode som 0751")
    let expected = LocalizedText("CVR numbers, each with ", "CVR-numre, hver med ") + code
    return Self(expected: expected) { entry, _ in
      guard entry.isMapping else {
        entry.reportType(expected)
        return nil
      }
      let named = Section.named(entry, LocalizedText("municipality codes", "kommunekoder"))
      var municipalities: [CVRNumber: String] = [:]
      for (digits, value) in named {
        let municipality = value.value(code) { Municipality(code: $0)?.code }
        guard let authority = try? CVRNumber(digits) else {
          value.report(
            .badValue,
            LocalizedText(
              "found the key \(Entry.shown(digits)), expected a CVR number of 8 digits",
              "fandt nøglen \(Entry.shown(digits)), forventede et CVR-nummer på 8 cifre"),
            remedy: LocalizedText(
              "write the recipient authority's CVR number", "skriv den modtagende myndigheds CVR-nummer"))
          continue
        }
        if let municipality { municipalities[authority] = municipality }
      }
      return municipalities.count == named.count ? municipalities : nil
    } write: { municipalities, _ in
      let pairs = municipalities.sorted { $0.key.digits < $1.key.digits }
        .map { YAMLPair(key: $0.key.digits, value: .text($0.value)) }
      return pairs.isEmpty ? nil : .mapping(pairs)
    }
  }
}

extension ArrivalHook {
  fileprivate static let table = KeyTable("Programs that take over files", blank: ArrivalHook(command: [])) { table in
    table.required(
      "run", \.command, .command,
      missing: LocalizedText("the program and its arguments", "programmet og dets argumenter"),
      "The program and its arguments, run without a shell, and again (with the same FileTransferUUID) if it ends with any status but 0. A path starts at this file's folder; a bare name is found in PATH."
    )
    table.key(
      "timeout", \.timeout, .period,
      "The time limit for one file; then SIGTERM, and SIGKILL 5 s later, to all that it started.")
    table.key(
      "tries", \.tries, .number(upTo: 1000),
      "After so many failures the file is set aside: filsluse retry A1. Status 75 says \"not now\" and is none. A program that is missing (126 and 127 of a shell or env) is none either: it is reported, and tried again."
    )
    table.optional(
      "answer-by", \.answerBy, .routeName, example: "answers",
      "The route by which its answer is sent as a business receipt.")
  }
}
