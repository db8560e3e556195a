import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import Testing

/// The built command and platforms that answer badly. Where everything arrives all the same, `Scripts/torture` has
/// more.
@Suite(.timeLimit(.minutes(25))) struct BadPlatformTests {
  private struct Bench: Sendable {
    let platform: LocalPlatform
    let file: FilePath

    func send(waitFor time: String = "30s") async throws -> BuiltCommand.Outcome {
      try await BuiltCommand.run([
        "send", file.string, "--route", "flis-0101", "--wait-for", time, "--config",
        platform.settingsFile(of: "fagsystem").string,
      ])
    }

    func receive() async throws -> BuiltCommand.Outcome {
      try await BuiltCommand.run(["receive", "--config", platform.settingsFile(of: "flis").string])
    }

    func journal() async throws -> [Substring] {
      let outcome = try await BuiltCommand.run([
        "journal", "list", "--config", platform.settingsFile(of: "fagsystem").string,
      ])
      return outcome.output.split(separator: "\n").dropFirst().map { $0 }
    }

    func names(in folder: FilePath) async throws -> String {
      try await BuiltCommand.shell("ls '\(folder)'").output
    }
  }

  private func withPlatform(
    _ habits: PlatformBehaviour, _ body: @escaping @Sendable (Bench) async throws -> Void
  ) async throws {
    try await withScratchFolder("bad") { folder in
      let file = folder.appending("udtræk.csv")
      try TestFiles.write("cpr;beløb\n", to: file)
      var logger = Logger(label: "platform")
      logger.logLevel = .critical
      try await withLocalPlatform(
        at: folder.appending("platform"), plan: .demo, options: LocalPlatform.Options(habits: habits), logger: logger
      ) { platform in
        try await body(Bench(platform: platform, file: file))
      }
    }
  }

  @Test("reports a refusal and does not send the file again")
  func aRefusalIsReportedAndNotSentAgain() async throws {
    try await withPlatform(PlatformBehaviour(receipts: .errors)) { bench in
      let first = try await bench.send()
      #expect(first.status == 76, "\(first)")
      #expect(first.errors.contains("9018"), "\(first)")
      let second = try await bench.send()
      #expect(second.status == 76, "\(second)")
      #expect(try await bench.journal().count == 1)
      #expect(try await bench.names(in: bench.platform.inFolder(of: "fagsystem")) == "")
      #expect(try await bench.receive().output == "nothing waits\n")
    }
  }

  @Test("a receipt that never comes leaves the delivery overdue and the file delivered")
  func aReceiptThatNeverComesLeavesTheDeliveryOverdueAndTheFileDelivered() async throws {
    try await withPlatform(PlatformBehaviour(receipts: .never)) { bench in
      for _ in 0..<2 {
        let sent = try await bench.send(waitFor: "1s")
        #expect(sent.status == 75, "\(sent)")
        #expect(sent.output.contains("overdue"), "\(sent)")
      }
      #expect(try await bench.receive().status == 0)
      #expect(try await bench.journal().count == 1)
      #expect(try await bench.receive().output == "nothing waits\n")
    }
  }

  @Test("a receipt that comes late is taken by the next run")
  func aReceiptThatComesLateIsTakenByTheNextRun() async throws {
    try await withPlatform(PlatformBehaviour(receiptDelay: .seconds(4))) { bench in
      let impatient = try await bench.send(waitFor: "500ms")
      #expect(impatient.status == 75, "\(impatient)")
      let patient = try await bench.send()
      #expect(patient.status == 0, "\(patient)")
      #expect(try await bench.journal().count == 1)
    }
  }

  @Test("a second receipt is tidied away by the next run")
  func aSecondReceiptIsTidiedAwayByTheNextRun() async throws {
    try await withPlatform(PlatformBehaviour(receipts: .twice)) { bench in
      #expect(try await bench.send().status == 0)
      let settings = bench.platform.settingsFile(of: "fagsystem").string
      let receipt = bench.platform.inFolder(of: "fagsystem").appending("udtræk.csv.sftpreceipt")
      let waited = try await BuiltCommand.shell("until [ -e '\(receipt)' ]; do sleep 0.1; done")
      #expect(waited.status == 0)
      #expect(try await BuiltCommand.run(["receive", "--config", settings]).status == 0)
      #expect(try await bench.names(in: bench.platform.inFolder(of: "fagsystem")) == "")
      #expect(try await bench.journal().count == 1)
    }
  }

  @Test("data that is taken the moment its trigger is whole is no error")
  func dataThatIsTakenTheMomentItsTriggerIsWholeIsNoError() async throws {
    try await withPlatform(PlatformBehaviour(takesDataFirst: true)) { bench in
      let sent = try await bench.send()
      #expect(sent.status == 0, "\(sent)")
      #expect(try await bench.receive().status == 0)
    }
  }
}
