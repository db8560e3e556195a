internal import ExchangeSettings
package import FileExchange
internal import FilsluseBase
internal import TriggerFiles

extension ConsoleQueries {
  /// Returns an account's files, present and gone; gone files are kept for 40 days.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func files(
    of account: String, _ list: FileList, _ page: PageNumber
  ) async throws(ExchangeError) -> Paged<FileRow> {
    let files = try await store.files(of: account, list, page)
    let maker = try await rowMaker()
    return files.map { maker.row($0) }
  }

  /// Returns the files that count for a municipality, the newest first; `nil` for a row that is no municipality's.
  ///
  /// - Parameter row: the id of its row in the matrix.
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func files(
    ofMunicipality row: String, _ page: PageNumber
  ) async throws(ExchangeError) -> Paged<FileRow>? {
    guard let municipality = MatrixRowKey(id: row)?.municipality else { return nil }
    let maker = try await rowMaker()
    let files = try await store.files(
      ofMunicipality: municipality.code, authorities: maker.municipalities.authorities(of: municipality), page)
    return files.map { maker.row($0) }
  }

  /// Returns a file from its first sighting to its removal; `nil` for an unknown or forgotten one.
  ///
  /// - Throws: `ExchangeError` when it cannot be read.
  package func file(_ id: Int64) async throws(ExchangeError) -> FileHistory? {
    guard let file = try await store.files([id]).first else { return nil }
    let observed = file.observed
    let maker = try await rowMaker()
    var history = FileHistory(row: maker.row(file), events: file.events)
    history.alerts = try await store.alerts(of: file.account, about: observed.subjects)
    history.disclosures = try await store.disclosures(ofFile: id)
    switch observed.content {
    case .unread: break
    case .metadata(let facts): history.transfer = Masked.name(facts.transfer)
    case .success(let transfer): history.transfer = Masked.name(transfer)
    case .errors(let text, let transfer):
      history.transfer = Masked.name(transfer)
      history.problem = LocalizedText(Masked.name(text))
    case .unreadable(let text): history.problem = text.map(Masked.name)
    }
    if let transfer = observed.facts?.transfer, let journal = try await journal() {
      history.arrival = try await journal.arrival(transfer: transfer, of: file.account)?.id
    }
    return history
  }

  /// Prepares to show files.
  func rowMaker() async throws(ExchangeError) -> FileRowMaker {
    FileRowMaker(
      evaluator: evaluator, states: try await store.statesInShort(),
      municipalities: MunicipalityTable(evaluator.settings), now: clock())
  }
}

/// Creates rows of file lists, evaluated by the rules that also make the findings.
struct FileRowMaker: Sendable {
  let evaluator: RuleEvaluator
  let states: [String: InboxState]
  let municipalities: MunicipalityTable
  let now: Timestamp

  func row(_ file: KnownFile) -> FileRow {
    let observed = file.observed
    let facts = observed.facts
    let state = states[file.account] ?? InboxState(account: file.account)
    let age = observed.age(difference: state.clockDifference, longestPause: evaluator.longestPause)
    let pickUp = pickUp(of: file, since: age.since)
    let waited = evaluator.waited(from: age.since, to: file.gone ?? now, by: pickUp?.limit)
    return FileRow(
      id: observed.id, account: file.account, place: observed.place,
      name: Masked.name(String(decoding: observed.name, as: UTF8.self)), infRef: facts?.infRef.map(ShownInfRef.init),
      sender: facts.map { Masked.name($0.sender) }, senderAuthority: facts?.senderAuthority,
      recipientAuthority: facts?.recipientAuthority, municipality: municipality(of: file),
      size: observed.data?.size ?? facts?.size, firstSeen: observed.firstSeen, gone: file.gone, age: age,
      waitedSeconds: waited.wholeSeconds, limitSeconds: pickUp?.limit.within.duration.wholeSeconds,
      isBusinessTime: pickUp?.limit.within.isBusinessTime ?? false, state: self.state(of: file, state, due: pickUp?.due)
    )
  }

  private func municipality(of file: KnownFile) -> MunicipalityLabel? {
    if let code = file.municipality { return MunicipalityLabel(code: code) }
    guard let authority = file.observed.facts?.recipientAuthority, let code = municipalities.codes[authority] else {
      return nil
    }
    return MunicipalityLabel(code: code)
  }

  /// The rule about the pickup of a file, and when it is broken.
  private func pickUp(
    of file: KnownFile, since: Timestamp
  ) -> (rule: InfRefRule, limit: PickUpLimit, due: Timestamp)? {
    guard file.observed.place == .inbox else { return nil }
    return evaluator.origin(of: file.observed, in: file.account).flatMap {
      evaluator.pickUp(of: $0, account: file.account, since: since)
    }
  }

  private func state(of file: KnownFile, _ state: InboxState, due: Timestamp?) -> FileRow.State {
    if let gone = file.gone {
      guard file.observed.place == .inbox, let lastSeen = file.lastSeen,
        gone.since(lastSeen) <= evaluator.longestPause
      else { return .gone }
      // A file was late if a look has shown it late, which is when it is a finding.
      return due.map { lastSeen >= $0 } ?? false ? .pickedUpLate : .pickedUp
    }
    let findings = evaluator.findings(about: file.observed, in: state, at: now)
    if let late = findings.first(where: { $0.kind == .pickUpLate }) {
      return late.severity == .critical ? .late : .nearLimit
    }
    if findings.contains(where: { Self.ofHalves.contains($0.kind) }) { return .incomplete }
    return findings.isEmpty ? .waiting : .attention
  }

  private static let ofHalves: Set<Finding.Kind> = [.dataWithoutMetadata, .metadataWithoutData, .dataWithoutTrigger]
}

extension MunicipalityTable {
  /// The CVR numbers of a municipality.
  func authorities(of label: MunicipalityLabel) -> [String] {
    var numbers = label.code.flatMap { cvrNumbers[$0] } ?? []
    if let cvr = label.cvr { numbers.insert(cvr) }
    return numbers.sorted()
  }
}

extension KnownFile {
  /// The events that looks have shown, in order.
  fileprivate var events: [FileEvent] {
    var events: [FileEvent] = []
    func add(_ part: ObservedFile.Part?, seen: FileEvent.What, changed: FileEvent.What) {
      guard let part else { return }
      if let before = part.notBefore, part.firstSeen == observed.firstSeen {
        events.append(FileEvent(at: before, what: .notYetThere))
      }
      let isChanged = part.changed > part.firstSeen
      events.append(FileEvent(at: part.firstSeen, what: seen, size: isChanged ? nil : part.size))
      if isChanged { events.append(FileEvent(at: part.changed, what: changed, size: part.size)) }
    }
    add(observed.data, seen: .dataSeen, changed: .dataChanged)
    add(observed.sidecar, seen: .sidecarSeen, changed: .sidecarChanged)
    if let half = observed.halfSince { events.append(FileEvent(at: half, what: .incomplete)) }
    if let lastSeen { events.append(FileEvent(at: lastSeen, what: .lastSeen)) }
    if let gone { events.append(FileEvent(at: gone, what: .gone)) }
    let order = Dictionary(uniqueKeysWithValues: FileEvent.What.allCases.enumerated().map { ($1, $0) })
    var known: Set<FileEvent> = []
    return events.filter { known.insert($0).inserted }
      .sorted { ($0.at, order[$0.what] ?? 0) < ($1.at, order[$1.what] ?? 0) }
  }
}
