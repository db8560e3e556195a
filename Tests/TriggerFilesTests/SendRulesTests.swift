import Testing
import TriggerFiles

@Suite struct SendRulesTests {
  private let rules = SendRules(user: "fk-kla")

  private func codes(_ rules: SendRules, _ trigger: Trigger) -> [DiagnosticCode] {
    rules.findings(for: trigger).map(\.code)
  }

  private func trigger(
    name: String = "a.xml", recipients: [String] = ["ROUTING_V1_0_0"], _ content: FileContentDescriptor
  ) throws -> Trigger {
    Trigger(
      fileDescriptor: try Examples.file(name: name, recipients: recipients), fileContentDescriptor: content)
  }

  @Test("a good trigger may send")
  func aGoodTriggerMaySend() throws {
    #expect(codes(rules, try Examples.trigger()) == [])
    #expect(codes(rules, try trigger(recipients: ["a", "b"], .empty)) == [])
    let direct = try Examples.routing(infRef: "Eget_1", recipient: nil)
    #expect(codes(SendRules(register: ["Eget_1"]), try trigger(.routing(direct))) == [])
    #expect(try rules.check(Examples.trigger()) == [])
  }

  @Test("explicit routing is required for sortiment and SF 1630")
  func explicitRoutingIsRequiredForSortimentAndSF1630() throws {
    for infRef in ["SortimentOverf\u{F8}r_1", "SortimentOverf\u{F8}r_2", "FagsystemdefineredeDataRefGDPR1203_1"] {
      let info = try Examples.routing(infRef: infRef, recipient: nil)
      #expect(codes(rules, try trigger(.routing(info))) == [.unfitRoute])
    }
  }

  @Test(
    "an InfRef that no trigger can name is refused",
    arguments: [
      "FakturaInformationAfsend_1", "SF7002", "SortimentOverfor_1", "FagsystemdefineredeDataHent_1", "X_1",
    ])
  func anInfRefThatNoTriggerCanNameIsRefused(infRef: String) throws {
    let trigger = try trigger(.routing(Examples.routing(infRef: infRef)))
    #expect(codes(rules, trigger) == [.unfitInfRef])
    #expect(throws: DocumentError.self) { try rules.check(trigger) }
  }

  @Test("an odd version is a warning that lets the trigger go")
  func anOddVersionIsAWarningThatLetsTheTriggerGo() throws {
    let info = try Examples.routing(infRef: "FagsystemdefineredeDataRefGDPR1203_2")
    #expect(try rules.check(trigger(.routing(info))).map(\.severity) == [.warning])
  }

  @Test("sender system and name have to be right")
  func senderSystemAndNameHaveToBeRight() throws {
    let good = try Examples.trigger()
    #expect(codes(SendRules(user: "flis"), good) == [.otherSender])
    #expect(codes(SendRules(itSystem: .random()), good) == [.otherSender])
    #expect(codes(SendRules(classificationSystem: .random()), good) == [.otherSender])
    #expect(codes(SendRules(classificationSystem: try SystemID(Examples.system)), good) == [])
    let long = String(repeating: "å", count: 122)
    for name in [long, "a.trigger", "a/b", ".a"] {
      #expect(codes(rules, try trigger(name: name, .routing(Examples.routing()))) == [.unfitFileName])
    }
    #expect(codes(rules, try trigger(name: String(long.dropLast()), .routing(Examples.routing()))) == [])
  }

  @Test("recipients and routing info go together")
  func recipientsAndRoutingInfoGoTogether() throws {
    #expect(codes(rules, try trigger(recipients: ["flis"], .routing(Examples.routing()))) == [.unfitRoute])
    #expect(codes(rules, try trigger(recipients: ["flis", "ROUTING_V1_0_0"], .empty)) == [.unfitRoute])
    let many = (0..<5_000).map { "\($0)" + String(repeating: "x", count: 220) }
    #expect(codes(rules, try trigger(recipients: many, .empty)) == [.tooLarge])
  }

  @Test("gives a reader's advice only on request")
  func aReaderAdvisesWhenItIsAskedTo() throws {
    let info = try Examples.routing(infRef: "SortimentOverfor_1")
    let xml = try trigger(name: "../a", .routing(info)).xml()
    #expect(Document.inspect(xml).diagnostics == [])
    let inspection = Document.inspect(xml, advice: ReadingAdvice())
    #expect(inspection.document != nil)
    #expect(inspection.diagnostics.map(\.code) == [.unfitFileName, .unfitInfRef])
    #expect(inspection.diagnostics.map(\.line) == [4, 11])
    #expect(
      Document.inspect(xml, advice: ReadingAdvice(register: ["SortimentOverfor_1"])).diagnostics.map(\.code)
        == [.unfitFileName])
  }

  @Test("names are explained")
  func namesAreExplained() {
    let good = InfRef.explain("FagsystemdefineredeDataRefGDPR1203_1")
    #expect(good.entry?.integration.en == "SF1630")
    #expect(good.entry?.needsExplicitRoute == true)
    let sortiment = InfRef.explain("SortimentOverfor_1")
    #expect(sortiment.entry?.rightfulSender?.en == "the shared classification system (FK-KLA)")
    #expect(sortiment.integrations.map(\.id) == ["SF7002"])
    #expect(InfRef.explain("FakturaInformationSvarAfsend_1").integrations.map(\.id) == ["SF1590_D"])
    #expect(InfRef.explain("besked").integrations.isEmpty)
    #expect(InfRef.explain("SF7002").entry?.carrier == .form)
    #expect(InfRef.explain("FakturaInformationAfsend_1").entry?.carrier == .webService)
    #expect(InfRef.explain("Eget_1", register: ["Eget_1"]).isInRegister)
    #expect(InfRef.explain("Eget_1").entry == nil)
    #expect(InfRefEntry.all.count == 5)
  }
}
