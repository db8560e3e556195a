import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct RoutesReadyTests {
  private static let vendor = "f1150000-0000-4000-8000-000000000003"
  private static let flis = "f1150000-0000-4000-8000-000000000005"

  /// Runs with a register of one route of SF1630 for each of two municipalities, and one of a sortiment.
  private static func withRegister(
    record: String = "", _ body: (FilePath, FilePath) async throws -> Void
  ) async throws {
    try await withScratchFolder { folder in
      try TestFiles.write(
        """
        accounts: { a: { host: h, user: u, key: k, known-hosts: f, it-system: \(vendor) } }
        routes-file: routes.csv
        """, to: folder.appending("filsluse.yaml"))
      try TestFiles.write(
        """
        name;account;infref;municipality;authority;recipient-it-system;sender-it-system;recipient-role
        flis-0751;a;FagsystemdefineredeDataRefGDPR1203_1;0751;55133018;\(flis);;
        flis-0101;a;FagsystemdefineredeDataRefGDPR1203_1;0101;64942212;\(flis);;
        sortiment;a;SortimentOverfør_1;0751;55133018;\(flis);f1150000-0000-4000-8000-000000000009;invoices

        """, to: folder.appending("routes.csv"))
      if !record.isEmpty { try TestFiles.write(record, to: folder.appending("routes.record")) }
      try await body(folder, folder.appending("routes.record"))
    }
  }

  @Test("shows every route in one line, and the questions of a wave per municipality")
  func summary() async throws {
    try await Self.withRegister { folder, _ in
      let outcome = try await BuiltCommand.run(["routes", "ready"], in: folder)
      #expect(outcome.status == 1, "\(outcome)")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines[0].hasPrefix("ROUTE      MUNICIPALITY    INTEGRATION  DONE"), "\(outcome.output)")
      #expect(lines[1].hasPrefix("flis-0751  0751 Aarhus     SF1630       0     5          2      SF1630:10: vendor"))
      #expect(lines.contains { $0.hasPrefix("0101 København  –") && $0.contains("no") }, "\(outcome.output)")
      let danish = try await BuiltCommand.run(["routes", "ready", "--language", "da"], in: folder)
      #expect(danish.output.contains("ABONNEMENT BESTILT") && !danish.output.contains("vendor"))
      let one = try await BuiltCommand.run(["routes", "ready", "--municipality", "101"], in: folder)
      #expect(one.output.contains("flis-0101") && !one.output.contains("flis-0751"))
    }
  }

  @Test("records tasks with day and name, says what may start now, and shows them")
  func recordsTasks() async throws {
    try await Self.withRegister { folder, record in
      let first = try await BuiltCommand.run(
        ["routes", "done", "SF1630:30", "--route", "flis-0751", "--on", "2026-03-02", "--by", "Anne Bo"], in: folder)
      #expect(first.status == 0, "\(first)")
      #expect(first.output.hasPrefix("flis-0751: SF1630:30: done\nflis-0751: may start now: SF1630:40 (KOMBIT)"))
      let text = try String(contentsOfFile: record.string, encoding: .utf8)
      #expect(text.hasSuffix(#"task id=SF1630:30 route=flis-0751 state=done on=2026-03-02 by="Anne Bo"\#n"#), "\(text)")
      let shown = try await BuiltCommand.run(["routes", "ready", "flis-0101"], in: folder)
      #expect(shown.output.contains("2026-03-02 by Anne Bo"), "\(shown.output)")
      #expect(shown.output.contains("SF1630:50, SF1630:60"))
      #expect(!shown.output.contains("SF1630:30 (implied"))
      let undone = try await BuiltCommand.run(
        ["routes", "done", "SF1630:30", "--route", "flis-0751", "--undo"], in: folder)
      #expect(undone.status == 0 && undone.output.contains("SF1630:30: not done"), "\(undone)")
      let after = try await BuiltCommand.run(["routes", "ready", "flis-0751"], in: folder)
      #expect(!after.output.contains("Anne Bo"))
    }
  }

  @Test("wants day and name of a task whose needs are not done")
  func wantsDayAndName() async throws {
    try await Self.withRegister { folder, record in
      let refused = try await BuiltCommand.run(
        ["routes", "done", "SF1590_D:TFH222", "--route", "sortiment"], in: folder)
      #expect(refused.status == 65)
      #expect(
        refused.errors
          == "filsluse: sortiment: SF1590_D:TFH222 needs SF1590_D:TF122, SF1590_D:FM04, SF1590_D:TF123, SF1590_D:TFH205, not recorded as done; give day and name: --on, --by\n"
      )
      #expect(!FileManager.default.fileExists(atPath: record.string))
      let taken = try await BuiltCommand.run(
        ["routes", "done", "SF1590_D:TFH222", "--route", "sortiment", "--on", "2026-03-02", "--by", "AB"], in: folder)
      #expect(taken.status == 0 && taken.errors.contains("warning: sortiment: SF1590_D:TFH222 needs"), "\(taken)")
    }
  }

  @Test("refuses the other one of two alternatives until the first is taken back, as the refusal words it")
  func alternatives() async throws {
    try await Self.withRegister { folder, record in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; export LC_ALL=C.UTF-8; task() { "$0" routes done "$@" --on 2026-03-02 --by AB 2> said > out; echo "$?"; }
        task SF1590_D:TF126-A --route sortiment; task SF1590_D:TF126-B --route sortiment; task SF1590_D:TF126-B --route sortiment --dry-run
        grep -c 'exclude each other.*: filsluse routes done SF1590_D:TF126-A --route sortiment --undo$' said
        task SF1590_D:TF126-A --route sortiment --undo; task SF1590_D:TF126-B --route sortiment
        grep -c TF126-B '\(record)'
        """)
      #expect(outcome.output == "0\n65\n65\n1\n0\n0\n1\n", "\(outcome)")
    }
  }

  @Test("asks on a terminal which integration a bare task id means, and records nothing for an answer that is none")
  func askedIntegration() async throws {
    try await Self.withRegister { folder, _ in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; export LC_ALL=C.UTF-8
        ask() { printf "$1\\n" | script -qec "'$0' routes done TF106 --route sortiment --on 2026-03-02 --by AB" /dev/null > asked; echo "done $?"; }
        ask 9; ls routes.record 2> /dev/null; grep -cE '^[0-9]  SF1590_[AD]:TF106 ' asked
        ask 1; first=$(grep -oE '^1  SF1590_[AD]:TF106' asked | cut -c4-); grep -c " task id=$first route=sortiment " routes.record
        """)
      #expect(outcome.output == "done 64\n2\ndone 0\n1\n", "\(outcome)")
    }
  }

  @Test(
    "refuses what it cannot record, and says what is near",
    arguments: [
      (["TF106", "--route", "sortiment"], 64, "name one: SF1590_D:TF106 ("),
      (["SF1590_D:TF100", "--route", "sortiment"], 65, "no integration has a task “SF1590_D:TF100”"),
      (
        ["FF202", "--route", "sortiment"], 65,
        "prints FF202, which no task has, and is read FFH202: write SF1590_D:FFH202"
      ),
      (["SF1590_D:FF202", "--route", "sortiment"], 65, "is read FFH202: write SF1590_D:FFH202"),
      (["SF1590_D:TF126A", "--route", "sortiment"], 65, "did you mean “SF1590_D:TF126-A”?"),
      (["SF1630:30", "--route", "flsi-0751"], 65, "did you mean “flis-0751”?"),
      (["SF1590_D:TFH205", "--route", "flis-0751"], 65, "is no task of flis-0751, which belongs to SF1630"),
      (["SF1590_A:TF109"], 64, "--route NAME"),
      (["SF1630:30", "--route", "flis-0751", "--on", "2026-02-30"], 64, "no day"),
      (["SF1630:30", "--route", "flis-0751", "--on", "2999-01-01"], 64, "has not come yet"),
      (["SF1630:30", "--route", "flis-0751", "--by", " "], 64, "--by is empty"),
    ] as [([String], Int32, String)])
  func refuses(arguments: [String], status: Int32, message: String) async throws {
    try await Self.withRegister { folder, record in
      let outcome = try await BuiltCommand.run(["routes", "done"] + arguments, in: folder)
      #expect(outcome.status == status, "\(outcome)")
      #expect(outcome.errors.contains(message), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: record.string))
    }
  }

  @Test("writes the tasks as JSON and as a drawing")
  func jsonAndDrawing() async throws {
    let record = "2026-03-02T10:00:00.000Z task id=SF1590_D:TF107 route=sortiment state=done on=2026-03-02 by=AB\n"
    try await Self.withRegister(record: record) { folder, _ in
      let json = try await BuiltCommand.run(["routes", "ready", "sortiment", "--json"], in: folder)
      let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
      let tasks = try #require(report.routes.first?.tasks)
      #expect(tasks.count == 52)
      #expect(tasks.first { $0.task == "SF1590_D:TFH203" }?.shownBy == "twin")
      #expect(tasks.first { $0.task == "SF1590_D:TFH223" }?.doneTogetherWith == ["SF1590_D:TFH222"])
      #expect(report.municipalities.map(\.released) == [false])
      let drawing = folder.appending("tasks.svg")
      let drawn = try await BuiltCommand.run(
        ["routes", "ready", "sortiment", "--graph", "-o", drawing.string, "--language", "da"], in: folder)
      #expect(drawn.status == 1 && drawn.output.isEmpty, "\(drawn)")
      let svg = try String(contentsOfFile: drawing.string, encoding: .utf8)
      #expect(svg.hasPrefix("<svg xmlns=") && svg.contains("SF1590_D:TFH223") && svg.contains("kan begynde"))
      // The background, the five states of the legend, and a box for each task.
      let boxes = svg.split(separator: "<rect ").count - 1
      #expect(boxes == 58)
      let well = try await BuiltCommand.outcome(of: ["xmllint", "--noout", drawing.string])
      #expect(well.status == 0, "\(well)")
    }
  }

  @Test("says what to add to settings without a register")
  func withoutRegister() async throws {
    try await withScratchFolder { folder in
      try TestFiles.write(
        "accounts: { a: { host: h, user: u, key: k, known-hosts: f } }\n", to: folder.appending("filsluse.yaml"))
      let outcome = try await BuiltCommand.run(["routes", "ready"], in: folder)
      #expect(outcome.status == 78)
      #expect(outcome.errors.contains("routes-file: routes.csv"), "\(outcome)")
    }
  }

  private struct Report: Decodable {
    struct Route: Decodable {
      let tasks: [Task]
    }
    struct Task: Decodable {
      let task: String
      let shownBy: String?
      let doneTogetherWith: [String]
    }
    struct Municipality: Decodable {
      let released: Bool
    }
    let routes: [Route]
    let municipalities: [Municipality]
  }
}
