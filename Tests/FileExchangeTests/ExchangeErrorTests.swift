import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import FilsluseSFTP

/// The texts of errors, which everybody with access to the log can read.
@Suite(.timeLimit(.minutes(25))) struct ExchangeErrorTests {
  @Test("No error shows a CPR-like number of a name")
  func errorsAreMasked() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("sag 010190-1234.trigger"), route: "flis")
      let report = try #require(
        await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).first)
      #expect(report.error?.description.contains("010190-1234") == false, "\(report.error?.description ?? "")")
      var xml = String(decoding: try test.metadata("sag.csv", size: 1).xml(), as: UTF8.self)
      xml = xml.replacingOccurrences(of: "<FileName>", with: "010190-1234<FileName>")
      try test.write(Data("x".utf8), to: test.incoming.appending("sag.csv"))
      try test.write(Data(xml.utf8), to: test.incoming.appending("sag.csv.metadata"))
      let problem = try #require(await test.exchange.collect("account").problems.first)
      #expect(!problem.description.contains("010190-1234"), "\(problem)")
    }
  }

  @Test("Message, remedy and path are masked by the error itself")
  func everyPartIsMasked() {
    let error = ExchangeError(
      .notWhole, operation: "fetch", path: "sag 010190-1234", message: "0101901234 is half", remedy: "ask 010190 1234")
    #expect(
      error.description == "fetch sag ******-****: ********** is half; ask ****** ****", "\(error)")
  }

  @Test(
    "A size is never masked, even if it looks like a CPR number",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1 000"), (101_901_234, "101 901 234"), (1_012_901_234, "1 012 901 234"),
      (.max, "18 446 744 073 709 551 615"),
    ] as [(UInt64, String)])
  func sizes(size: UInt64, text: String) {
    #expect(size.grouped == text && Masked.name("\(text) bytes") == "\(text) bytes")
  }

  @Test("Masks the messages that the loops of a long-running exchange report once")
  func bulletinsAreMasked() async throws {
    let log = RecordedLog()
    let logger = Logger(label: "test") { _ in log }
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      let reporter = RunReporter(logger: logger, problems: ObservedProblems(in: journal)) { _ in }
      for _ in 1...2 {
        reporter.once(.warning, "sag 010190-1234.csv is no plain file")
        reporter.attention(.fileRefused, account: "a", of: "010190-1234.csv", "010190-1234.csv cannot be set aside")
      }
      #expect(
        log.messages == [
          "sag ******-****.csv is no plain file", "a: ******-****.csv cannot be set aside",
        ])
      #expect(reporter.problems.open.map(\.key.subject) == ["******-****.csv"])
      try await journal.close()
    }
  }

  @Test("names in Danish the details that a code's sentence does not know, beside the place")
  func danishDetails() {
    let denied = LocalFile.failure("open", "/srv/ind", EACCES)
    #expect(
      denied.inDanish
        == "Der kunne ikke læses eller skrives på denne maskine (/srv/ind: der er ikke ret til det). Se efter plads og rettigheder."
    )
    let short = ExchangeError(.sizeMismatch, operation: "fetch", path: "a 010190-1234.csv", message: "m", remedy: "r")
    #expect(
      short.inDanish(detail: "der kom 1 byte, og metadata siger 2").inDanish
        == "Der kom flere eller færre byte, end metadata siger (a ******-****.csv: der kom 1 byte, og metadata siger 2)."
    )
    let words = ServerStatus(number: 3, message: "Permission denied").error.during("rename", "OUT/a.csv")
    #expect(
      ExchangeError(words, while: "send").inDanish
        == "Serveren giver ikke adgang til filen eller mappen (OUT/a.csv): serveren svarer „Permission denied“ (3). Bed serverens ejer om rettigheden."
    )
  }

  @Test("says in Danish what to do about a lost entry, and keeps the detail for an error of another code")
  func danishRemedies() {
    let loss = ServerJournal.lossInDanish(of: "journal på db1", 7, beside: "/var/lib/filsluse/journal")
    for words in [
      "mangler post 7", "Angiv den server, der har post 7", "ville filer, der er sendt siden, blive sendt igen",
    ] {
      #expect(loss.contains(words), "\(loss)")
    }
    let denied = LocalFile.failure("open", "/srv/ud/a.csv", EACCES)
    #expect(denied.danishDetail == "der er ikke ret til det")
    let unreadable = ExchangeError(.fileUnreadable, operation: "open", path: "a.csv", message: "m", remedy: "r")
    #expect(
      denied.danishDetail.map { unreadable.inDanish(detail: $0).inDanish }
        == "Filen (a.csv: der er ikke ret til det) kan ikke læses. Se efter dens rettigheder.")
    #expect(denied.inDanish("Noget andet.").danishDetail == nil)
  }

  @Test("logs once what it connects to")
  func connecting() {
    let lost = SFTPError(.connectionRefused, "the server refuses the connection", nil).connecting(to: "127.0.0.1:22")
    let error = ExchangeError(lost, connectingTo: "fagsystem")
    #expect(error.description.hasPrefix("connect to fagsystem at 127.0.0.1:22: the server refuses the connection"))
    #expect(error.description.hasSuffix("; try again: it goes on where it stopped"))
    #expect(!error.failure.contains("try again"), "a line about the next try does not advise one")
    let unknown = SFTPError(.hostKeyUnknown, "127.0.0.1:22 shows the host key x", nil).connecting(to: "127.0.0.1:22")
    let stopped = ExchangeError(unknown, connectingTo: "fagsystem")
    #expect(stopped.description.hasPrefix("connect to fagsystem: 127.0.0.1:22 shows the host key x"))
    let other = ExchangeError(lost, while: "look into fagsystem")
    #expect(other.description.hasPrefix("look into fagsystem: connect to 127.0.0.1:22: the server refuses"))
  }
}
