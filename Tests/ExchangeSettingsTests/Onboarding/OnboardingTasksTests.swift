import ExchangeSettings
import Testing
import TriggerFiles

@Suite("onboarding tasks") struct OnboardingTasksTests {
  private static let tasks = OnboardingTasks.all.flatMap(\.tasks)

  private static func tasks(of integration: String) throws -> OnboardingTasks {
    try #require(OnboardingTasks.of(integration))
  }

  @Test("keep every row of the documents as transcribed", arguments: TranscribedTasks.rows)
  func row(row: [String]) throws {
    try #require(row.count == 8)
    let key = try #require(TaskKey(row[0]))
    let task = try #require(OnboardingTasks.task(key), "\(key)")
    let needs = task.needs.filter { $0.origin != .house }.map { need in
      let mark = [.implied: "*", .uncertain: "?"][need.origin] ?? ""
      let enough = need.enough.map { "(\($0.en))" } ?? ""
      let isSlip = OnboardingTasks.task(need.stated) == nil
      return need.stated.id + (isSlip ? "→" + need.meant.id : "") + enough + mark
    }
    #expect(needs.joined(separator: ",") == row[3], "needs of \(key)")
    #expect((task.twin?.id ?? "") == row[4].replacing("?", with: ""), "twin of \(key)")
    #expect(Self.mode(task.mode) == row[5], "mode of \(key)")
    #expect(Self.frequency(task.frequency) == row[6], "frequency of \(key)")
    let concerns = row[7].split { !$0.isLetter }.filter { $0 != "or" }.map(String.init)
    #expect(task.concerns.map(\.rawValue) == concerns, "concern of \(key)")
    let actors = task.performer == nil ? "" : "\(Self.actor(task.responsible))>\(Self.actor(task.performer))"
    #expect(actors == row[2], "actors of \(key)")
  }

  @Test("have the documents' numbers of rows, dependencies, twins and alternatives")
  func counts() throws {
    #expect(TranscribedTasks.rows.count == 7 + 51 + 36)
    let small = try Self.tasks(of: "SF1630")
    let large = try Self.tasks(of: "SF1590_D")
    let other = try Self.tasks(of: "SF1590_A")
    #expect(small.tasks.count == 7 && large.tasks.count == 52 && other.tasks.count == 36)
    func needs(_ list: OnboardingTasks, _ origin: TaskDependency.Origin) -> Int {
      list.tasks.flatMap(\.needs).count { $0.origin == origin }
    }
    #expect(needs(small, .printed) == 3 && needs(small, .implied) == 1)
    #expect(needs(large, .printed) == 27 && needs(large, .implied) == 11 && needs(large, .house) == 1)
    #expect(needs(other, .printed) == 8 && needs(other, .uncertain) == 12)
    func twins(_ list: OnboardingTasks) -> Int { list.tasks.count { $0.twin != nil } / 2 }
    #expect(twins(large) == 5 && twins(other) == 3)
    #expect(Set(other.tasks.filter(\.isTwinUncertain).compactMap(\.twin)).count == 4)
    func alternatives(_ list: OnboardingTasks) -> [String] {
      list.tasks.filter { if case .alternative = $0.mode { true } else { false } }.map(\.key.id)
    }
    #expect(alternatives(large) == ["TF126-A", "TF126-B"] && alternatives(other) == ["TF113_A", "TF113_B"])
    func about(_ concern: OnboardingTask.Concern, _ list: OnboardingTasks) -> [String] {
      list.tasks.filter { $0.key.integration == list.integration && $0.concerns.contains(concern) }.map(\.key.id)
    }
    #expect(about(.monitoring, large) == ["TF106", "TFH206"])
    #expect(Set(about(.sftp, large)) == ["FM04", "TFH205", "TF126-A", "TFH222", "TFH223"])
    #expect(Set(about(.monitoring, other)) == ["TF101", "TF102", "TF112", "TB201", "TB202"])
  }

  @Test("of the older sheets inform, with the parts that go by SFTP or are pickup monitoring")
  func olderSheets() throws {
    #expect(OlderTaskSheet.all.map(\.integration) == ["SF1590_A", "SF1590_B", "SF1590_C"])
    #expect(OlderTaskSheet.all.map(\.tasks.count) == [35, 31, 10])
    func ids(_ integration: String, _ concern: OnboardingTask.Concern) throws -> [String] {
      try #require(OlderTaskSheet.of(integration)).tasks.filter { $0.concerns.contains(concern) }.map(\.key.id)
    }
    #expect(try ids("SF1590_A", .monitoring) == ["TS109", "TS206", "TS214"])
    #expect(try ids("SF1590_B", .monitoring) == ["TS214"])
    #expect(try ids("SF1590_C", .monitoring) == ["TS104?"])
    #expect(try ids("SF1590_B", .sftp) == ["TF103", "TF203", "TS215", "TS216"])
    for sheet in OlderTaskSheet.all {
      #expect(Set(sheet.tasks.map(\.key)).count == sheet.tasks.count, "\(sheet.integration)")
      #expect(sheet.tasks.allSatisfy { !$0.title.en.isEmpty && !$0.title.da.isEmpty && !$0.concerns.isEmpty })
      // A key of an older sheet is none of today's tasks.
      #expect(sheet.tasks.allSatisfy { OnboardingTasks.task($0.key) == nil })
    }
    #expect(OlderTaskSheet.of("SF1630") == nil)
  }

  @Test("keep what is printed beside what is read, and come to an end on circles")
  func printedAndRead() throws {
    let list = try Self.tasks(of: "SF1590_D")
    #expect(list.dangling(in: .printed).map { "\($0.task) \($0.needs)" } == ["SF1590_D:TFH201 SF1590_D:FF202"])
    for list in OnboardingTasks.all { #expect(list.dangling(in: .read).isEmpty, "\(list.integration)") }
    let monitoring = try #require(list[TaskKey("SF1590_D", "TFH206")])
    #expect(list.needs(of: monitoring, in: .printed).map(\.id) == ["TF111"])
    #expect(list.needs(of: monitoring, in: .read).map(\.id) == ["TFH223"])
    let route = try #require(list[TaskKey("SF1590_D", "TFH223")])
    #expect(list.needs(of: route, in: .printed).isEmpty)
    #expect(list.needs(of: route, in: .read).map(\.id) == ["TFH222", "FM04", "TFH205"])
    let twins: Set<Set<String>> = [
      ["TF107", "TFH203"], ["TF108", "TFH217"], ["TF113", "TFH209"], ["TF115", "TFH207"], ["TF116", "TFH218"],
    ]
    #expect(Set(list.circles(in: .printed).map { Set($0.map(\.id)) }) == twins)
    #expect(Set(list.circles(in: .read).map { Set($0.map(\.id)) }) == twins.union([["TFH222", "TFH223"]]))
    #expect(try Self.tasks(of: "SF1590_A").circles().count == 3)
    #expect(try Self.tasks(of: "SF1630").circles().isEmpty)
  }

  @Test("fit together: twins are each other's, and every named task is there")
  func fitTogether() throws {
    #expect(Set(Self.tasks.map(\.key)).count == Self.tasks.count)
    for task in Self.tasks {
      if let twin = task.twin { #expect(OnboardingTasks.task(twin)?.twin == task.key, "\(task.key)") }
      for key in [task.like, task.onlyWith].compactMap(\.self) {
        #expect(OnboardingTasks.task(key) != nil, "\(task.key) names \(key)")
      }
    }
    let own = try #require(OnboardingTasks.task(TaskKey("House", "F-SFTP")))
    #expect(own.onlyWith == TaskKey("SF1590_D", "TF126-A") && !own.notes.isEmpty)
    let manual = try #require(OnboardingTasks.task(TaskKey("SF1590_D", "TF126-B")))
    #expect(!manual.concerns.contains(.sftp) && !manual.concerns.contains(.monitoring))
    #expect(OnboardingTasks.task(TaskKey("SF1590_D", "TF106"))?.onlyWith == TaskKey("SF1590_D", "TF126-A"))
  }

  @Test("say who acts and where, and where the documents do not")
  func actorsAndPlaces() throws {
    for task in try Self.tasks(of: "SF1590_A").tasks {
      #expect(task.performer == nil && task.places.isEmpty, "\(task.key)")
    }
    let unsaid = try (Self.tasks(of: "SF1630").tasks + Self.tasks(of: "SF1590_D").tasks).filter(\.places.isEmpty)
    #expect(
      Set(unsaid.map(\.key.description)) == [
        "SF1590_D:TF112", "SF1590_D:TF123", "SF1590_D:TFH207", "SF1590_D:TFH209", "SF1590_D:TFH211a", "SF1630:20",
      ])
    let form = try #require(OnboardingTasks.task(TaskKey("SF1590_D", "TFH206")))
    #expect(form.places.map(\.title.en) == ["the HelpDesk (helpdesk@serviceplatformen.dk)"])
    #expect(OnboardingTasks.task(TaskKey("SF1630", "30"))?.places == [.administrationModule, .mail])
  }

  @Test("are named with their integration, since ids are not unique")
  func names() throws {
    #expect(TaskKey("SF1590_D:TF106") == TaskKey("SF1590_D", "TF106"))
    for text in ["TF106", ":TF106", "SF1590_D:", ""] { #expect(TaskKey(text) == nil, "\(text)") }
    #expect(OnboardingTasks.tasks(id: "TF106").map(\.key.description) == ["SF1590_D:TF106", "SF1590_A:TF106"])
    #expect(OnboardingTasks.nearest(to: "SF1590_D:TF126A")?.description == "SF1590_D:TF126-A")
    #expect(OnboardingTasks.nearest(to: "anything else") == nil)
    // Ids that the numbering leaves out.
    for id in ["TF100", "TF103", "TF104", "TF117", "TF124", "TFH200", "TFH208", "TFH219", "TFH221"] {
      #expect(OnboardingTasks.task(TaskKey("SF1590_D", id)) == nil, "\(id)")
    }
  }

  @Test("are worded in both languages, and name no other task without its integration")
  func languages() {
    var texts = Self.tasks.flatMap { [$0.title, $0.frequency.title] + $0.notes + $0.places.map(\.title) }
    texts += Self.tasks.compactMap(\.mode.title) + Self.tasks.flatMap { $0.needs.map(\.title) }
    texts += Self.tasks.flatMap { [$0.responsible, $0.performer].compactMap { $0?.title } + $0.parties.map(\.title) }
    // Quotations keep the document's own language.
    let quotation = /[“„][^”“]*[”“]/
    for text in texts {
      let text = LocalizedText(
        da: text.da.replacing(quotation, with: ""), en: text.en.replacing(quotation, with: ""))
      #expect(text.en.firstMatch(of: /\b(og|af|til|eller|fra|ikke)\b/) == nil, "\(text.en)")
      #expect(text.da.firstMatch(of: /\b(the|of|and|or|from|with|not)\b/) == nil, "\(text.da)")
    }
    for note in Self.tasks.flatMap({ $0.notes + [$0.title] }) {
      #expect(note.en.firstMatch(of: /(^|[^:\w])T[FB]H?\d{3}/) == nil, "a bare task: \(note.en)")
    }
  }

  private static func actor(_ actor: TaskActor?) -> String {
    guard let actor else { return "" }
    switch (actor.role, actor.party) {
    case (.agreed, _): return "byagreementbetweenauthorityandvendors"
    case (.vendor, .sender): return "sendingV"
    case (.vendor, .receiver): return "receivingV"
    case (let role, .debitorSystem): return role.rawValue + "(debitor,sic)"
    case (let role, let party): return role.rawValue + (party.map { "(\($0.rawValue))" } ?? "")
    }
  }

  private static func mode(_ mode: OnboardingTask.Mode) -> String {
    switch mode {
    case .required: "must"
    case .conditional: "cond"
    case .optional: "opt"
    case .alternative(let group): "alt:\(group)"
    }
  }

  private static func frequency(_ frequency: OnboardingTask.Frequency) -> String {
    switch frequency.scope {
    case .agreement: return "once"
    case .authority: return "auth"
    case .system: return "sys" + (frequency.isPerAuthority ? "+auth" : "") + (frequency.isRead ? "?" : "")
    case .connection: return "link" + (frequency.isPerAuthority ? "+auth" : "") + (frequency.isRead ? "*" : "")
    }
  }
}
