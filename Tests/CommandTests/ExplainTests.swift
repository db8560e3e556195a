import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseSFTP
import Foundation
import LocalPlatform
import PickupWatch
import SystemPackage
import Testing
import TriggerFiles

@testable import filsluse

@Suite("Explanations", .timeLimit(.minutes(25))) struct ExplainTests {
  /// The names that a source file declares as values of a kind, each in a line of its own.
  private static func declared(_ file: String, _ pattern: Regex<(Substring, Substring)>) throws -> [String] {
    let path = FilePath("\(#filePath)").removingLastComponent().pushing(FilePath("../../Sources/\(file)"))
      .lexicallyNormalized()
    let text = try String(contentsOfFile: path.string, encoding: .utf8)
    return text.matches(of: pattern).map { String($0.output.1) }
  }

  @Test("there is one for every code that is declared")
  func complete() throws {
    func codes(_ kind: ExplainedCode.Kind) -> Set<String> {
      Set(ExplainedCode.all.filter { $0.kind == kind }.map(\.code))
    }
    let rawValue = /rawValue: "([a-z-]+)"\)/
    #expect(codes(.error) == Set(ExchangeError.Code.allCases.map(\.rawValue)))
    #expect(codes(.connection) == Set(SFTPError.Code.allCases.map(\.rawValue)))
    #expect(codes(.problem) == Set(OpenProblem.Kind.allCases.map(\.rawValue)))
    #expect(codes(.delivery) == Set(DeliveryState.allCases.map(\.rawValue)))
    #expect(codes(.arrival) == Set(ArrivalState.allCases.map(\.rawValue)))
    #expect(codes(.settings) == Set(try Self.declared("ExchangeSettings/Model/SettingsError.swift", rawValue)))
    #expect(
      codes(.register) == Set(try Self.declared("ExchangeSettings/Register/RegisterFindingCode.swift", rawValue)))
    #expect(codes(.document) == Set(try Self.declared("TriggerFiles/Diagnostics/DiagnosticCode.swift", rawValue)))
    #expect(codes(.infref) == Set(InfRefFinding.Code.allCases.map(\.rawValue)))
    #expect(codes(.finding) == Set(try Self.declared("PickupWatch/Findings/FindingKinds.swift", rawValue)))
    #expect(codes(.exit) == Set(try Self.declared("filsluse/Output/ExitStatus.swift", /ExitStatus\(rawValue: (\d+)\)/)))
    #expect(codes(.category) == Set(FailureCategory.allCases.map(\.rawValue)))
    #expect(codes(.alert) == Set(Alert.State.allCases.map(\.rawValue) + ["expired"]))
    #expect(codes(.event) == Set(AlertLifeEvent.What.allCases.map(\.rawValue)))
    #expect(codes(.notification) == Set(NotificationReason.allCases.map(\.rawValue)))
    #expect(codes(.expected) == Set(ExpectedDay.State.allCases.map(\.rawValue)))
    #expect(codes(.account) == Set(RunAccount.Connection.allCases.map(\.rawValue)))
    #expect(codes(.request) == Set(try Self.declared("filsluse/Output/RequestCode.swift", /case \w+ = "([a-z-]+)"/)))
    #expect(
      codes(.receipt).isSuperset(
        of: RefusalCode.allCases.map { "\($0.rawValue)" } + BusinessReceipt.Acceptance.allCases.map(\.rawValue)))
    for kind in ExplainedCode.Kind.allCases {
      #expect(codes(kind).count == ExplainedCode.all.count { $0.kind == kind }, "\(kind): no code twice")
    }
  }

  @Test("there is one for every event that is written to the journal beside the states")
  func journalEvents() throws {
    let root = FilePath("\(#filePath)").removingLastComponent().pushing(FilePath("../../Sources/FileExchange"))
      .lexicallyNormalized()
    let files = try FileManager.default.subpathsOfDirectory(atPath: root.string)
    let literal =
      /(?:state: |noting: |delivery, state: |let [a-zA-Z]+: EntryState = )"([a-z]+(?:-[a-z]+)*)"/
    var written: Set<String> = ["answer-staged", "answer-sent"]
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: root.appending(file).string, encoding: .utf8)
      for match in text.matches(of: literal) { written.insert(String(match.output.1)) }
    }
    let explained = Set(ExplainedCode.all.filter { $0.kind == .journal }.map(\.code))
    #expect(written == explained)
  }

  @Test("each says what it means, why, what to do and whom to ask, in sentences of both languages")
  func sentences() {
    for code in ExplainedCode.all {
      let explanation = code.explanation
      for sentence in [explanation.meaning, explanation.cause, explanation.remedy] {
        let (english, danish) = (sentence.text(in: .english), sentence.text(in: .danish))
        for text in [english, danish] {
          #expect(text.hasSuffix(".") && !text.hasSuffix(".."), "\(code.kind) \(code.code): \(text)")
        }
        #expect(english != danish, "\(code.kind) \(code.code)")
        let isHalf = danish.split(separator: " ").contains { ["the", "is", "was", "and", "it"].contains($0) }
        #expect(!isHalf, "\(code.kind) \(code.code): \(danish)")
        // The record beside a list of routes has one word, "optegnelse".
        #expect(!danish.contains(/(?i)notat(er|et|erne)?\b/), "\(code.kind) \(code.code): \(danish)")
      }
      #expect(explanation.remedy.en.steps == explanation.remedy.da.steps, "\(code.kind) \(code.code)")
      #expect(!explanation.advice.da.isEmpty && !explanation.advice.en.isEmpty)
    }
  }

  @Test("a code is found whatever its capitals and kinds, and a number of the platform's as an error of a receipt")
  func names() {
    #expect(ExplainedCode.named("refused").map(\.kind) == [.problem, .delivery, .exit])
    #expect(ExplainedCode.named("Size-Mismatch").map(\.kind) == [.error, .connection])
    #expect(ExplainedCode.named("75").map(\.kind) == [.exit])
    for status in ExitStatus.all where status != .done {
      let named = ExplainedCode.named(status.code)
      #expect(named.contains { $0.kind == .exit && $0.code == "\(status.rawValue)" }, "\(status.code)")
    }
    #expect(ExplainedCode.named("9018").map(\.kind) == [.receipt])
    #expect(ExplainedCode.named("success").map(\.code) == ["SUCCESS"])
    #expect(ExplainedCode.named("17").map(\.code) == ["ErrorMessage"])
    #expect(ExplainedCode.named("nothing-such").isEmpty)
    #expect(ExplainedCode.nearest(to: "pick-up-latte") == "pick-up-late")
  }

  @Test("the command shows one, lists all, and proposes the code that was meant")
  func command() async throws {
    let outcome = try await BuiltCommand.shell(
      """
      "$0" explain host-key-mismatch --language da; echo "one $?"
      "$0" explain --json > all.json; echo "all $?"; python3 -c 'import json; print(len(json.load(open("all.json"))))'
      "$0" explain recipt-overdue; echo "near $?"; "$0" explain --kind exit | head -1; rm all.json
      """)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "host-key-mismatch (fejl i en forbindelse)", "\(outcome)")
    #expect(lines.contains { $0.hasPrefix("gør dette:") } && lines.contains("one 0"), "\(outcome)")
    #expect(lines.contains("all 0") && lines.contains("\(ExplainedCode.all.count)"), "\(outcome)")
    #expect(lines.contains("near 65") && outcome.errors.contains("did you mean “receipt-overdue”?"), "\(outcome)")
    #expect(lines.last == "EXIT  exit status", "\(outcome)")
  }
}
