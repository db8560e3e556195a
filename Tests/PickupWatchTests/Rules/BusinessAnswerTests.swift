import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// The delivery that a business answer belongs to, and the findings about a missing answer.
@Suite("Business answers") struct BusinessAnswerTests {
  private static let rule = InfRefRule(
    accounts: ["a"], infRef: InfRef(unchecked: "Bilag_1"),
    answer: AwaitedAnswer(limit: .within(RulePeriod(.seconds(3600))), infRef: InfRef(unchecked: "Svar_1")), line: 5)

  private static func delivery(_ id: Int64, hour: Int, transfer: String? = nil) throws -> DeliveryOutcome {
    DeliveryOutcome(
      id: id, wireName: WireName(unchecked: "bilag-\(id).xml"), infRef: InfRef(unchecked: "Bilag_1"), state: .accepted,
      committedAt: try MadeUp.at("2026-04-01 \(hour < 10 ? "0" : "")\(hour):00"), fileTransferUUID: transfer,
      route: "bilag", receiptAt: try MadeUp.at("2026-04-01 \(hour < 10 ? "0" : "")\(hour):02"))
  }

  private static func answer(_ transfer: String, hour: Int, _ answered: AnsweredDelivery = .unnamed) throws
    -> ArrivedFile
  {
    var file = ArrivedFile(
      transfer: transfer, infRef: InfRef(unchecked: "Svar_1"), sender: "økonomi", name: Array("\(transfer).xml".utf8),
      came: try MadeUp.at("2026-04-01 \(hour):00"))
    file.answered = answered
    return file
  }

  /// The deliveries that still wait for an answer at 20:00.
  private static func waiting(_ deliveries: [DeliveryOutcome], _ answers: [ArrivedFile]) throws -> [String] {
    let now = try MadeUp.at("2026-04-01 20:00")
    return try MadeUp.evaluator([rule]).findings(about: deliveries, answers: answers, in: MadeUp.state(now), at: now)
      .map(\.subject)
  }

  @Test("counts an answer that names no delivery for the oldest one that waits, and for no other")
  func oldest() throws {
    let three = try [Self.delivery(1, hour: 8), Self.delivery(2, hour: 9), Self.delivery(3, hour: 10)]
    #expect(try Self.waiting(three, []) == ["D1", "D2", "D3"])
    #expect(try Self.waiting(three, [Self.answer("s", hour: 12)]) == ["D2", "D3"])
    #expect(try Self.waiting(three, [Self.answer("s", hour: 12), Self.answer("t", hour: 13)]) == ["D3"])
    // The same file seen twice, by the watcher and in the journal, is one answer.
    #expect(try Self.waiting(three, [Self.answer("s", hour: 12), Self.answer("s", hour: 12)]) == ["D2", "D3"])
    // What came before a delivery does not answer it.
    #expect(try Self.waiting([Self.delivery(4, hour: 14)], [Self.answer("s", hour: 12)]) == ["D4"])
  }

  @Test("counts a business receipt for the delivery that it names, by number, FileTransferUUID or name")
  func named() throws {
    let three = try [Self.delivery(1, hour: 8), Self.delivery(2, hour: 9, transfer: "u-2"), Self.delivery(3, hour: 10)]
    func named(_ transfer: String, _ name: String, _ delivery: Int64? = nil) throws -> [ArrivedFile] {
      [try Self.answer("s", hour: 12, .named(transfer: transfer, fileName: name, delivery: delivery))]
    }
    #expect(try Self.waiting(three, named("?", "?", 3)) == ["D1", "D2"])
    #expect(try Self.waiting(three, named("u-2", "andet.xml")) == ["D1", "D3"])
    #expect(try Self.waiting(three, named("u-9", "bilag-3.xml")) == ["D1", "D2"])
    // One that names another sender's delivery answers none of ours.
    #expect(try Self.waiting(three, named("u-9", "fremmed.xml")) == ["D1", "D2", "D3"])
    // Its own FileTransferUUID is known, and it is another: the name alone does not make it the answer.
    #expect(try Self.waiting(three, named("u-9", "bilag-2.xml")) == ["D1", "D2", "D3"])
    // A named answer is taken out first, so that an unnamed one goes to the oldest of the others.
    let both = try named("u-2", "bilag-2.xml") + [Self.answer("t", hour: 11)]
    #expect(try Self.waiting(three, both) == ["D3"])
  }

  @Test("shares answers among rules that await the same InfRef")
  func sharedInfRef() throws {
    let other = InfRefRule(
      accounts: ["a"], infRef: InfRef(unchecked: "Bilag_2"),
      answer: AwaitedAnswer(limit: .within(RulePeriod(.seconds(3600))), infRef: InfRef(unchecked: "Svar_1")), line: 6)
    var second = try Self.delivery(2, hour: 9)
    second.infRef = InfRef(unchecked: "Bilag_2")
    let now = try MadeUp.at("2026-04-01 20:00")
    let found = try MadeUp.evaluator([Self.rule, other]).findings(
      about: [Self.delivery(1, hour: 8), second], answers: [Self.answer("s", hour: 12)], in: MadeUp.state(now), at: now)
    #expect(found.map(\.subject) == ["D2"])
  }

  @Test(
    "names the recipient, and says that the technical receipt came and when", arguments: AlertSettings.Language.allCases
  )
  func recipient(language: AlertSettings.Language) throws {
    var settings = ExchangeSettings(source: "f.yaml")
    settings.watch.infRefRules = [Self.rule]
    let addressing = Addressing(
      infRef: InfRef(unchecked: "Bilag_1"), senderITSystem: .random(), senderAuthority: try CVRNumber("99000101"),
      recipientAuthority: try CVRNumber("99009001"))
    settings.routes = [
      Route(
        name: "bilag", account: "a",
        kind: .explicit(addressing, recipientITSystem: try SystemID("f1150000-0000-4000-8000-000000000002")))
    ]
    let evaluator = try #require(RuleEvaluator(settings))
    let now = try MadeUp.at("2026-04-01 20:00")
    func text(_ delivery: DeliveryOutcome) throws -> String {
      let finding = try #require(
        evaluator.findings(about: [delivery], answers: [], in: MadeUp.state(now), at: now).first)
      var alert = Alert(id: 1, finding: finding, firstSeen: now)
      alert.see(finding, at: now, fireAfter: .zero)
      return AlertWording(language).lines(alert, reason: .fired).joined(separator: "\n")
    }
    let answered = try text(try Self.delivery(1, hour: 8))
    var unreceipted = try Self.delivery(1, hour: 8)
    unreceipted.state = .triggered
    switch language {
    case .danish:
      #expect(answered.contains("Spørg: modtageren af filen, myndigheden med CVR-nummer 99009001;"))
      #expect(
        answered.contains(
          "Modtageren er CVR 99009001, IT-system f1150000-0000-4000-8000-000000000002 (ruten bilag). Den tekniske kvittering kom 1. april 2026 kl. 08.02"
        ))
      #expect(!answered.contains("afsenderen"))
      #expect(try text(unreceipted).contains("Den tekniske kvittering er heller ikke kommet."))
    case .english:
      #expect(answered.contains("Ask: the recipient of the file, the authority with the CVR number 99009001;"))
      #expect(answered.contains("its technical receipt came 2026-04-01 08:02"))
      #expect(!answered.contains("the sender of the file"))
      #expect(try text(unreceipted).contains("its technical receipt has not come either"))
    }
  }
}
