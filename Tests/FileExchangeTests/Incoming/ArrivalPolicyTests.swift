import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Refusals of arrivals, and their wording (contract sections 4 and 5).
@Suite struct ArrivalPolicyTests {
  private static let ours = "22222222-2222-4222-8222-222222222222"
  private static let theirs = "11111111-1111-4111-8111-111111111111"

  private func verdict(
    infRef: String, sender: String = "fk-kla", system: String = theirs, from: String = "99000001",
    to: String = "99000461", recipientSystem: String? = ours, direct: Bool = false
  ) throws -> String {
    let account = Account(
      name: "faktura", host: "h", user: "faktura", key: "/k", hostKeys: .pinned([]), itSystem: try SystemID(Self.ours))
    let settings = ExchangeSettings(
      source: "/f.yaml", accounts: [account],
      arrivals: [
        ArrivalRoute(
          name: "sortiment", account: "faktura", infRef: InfRef(unchecked: "SortimentOverfør_1"), senders: ["fk-kla"],
          senderITSystems: [try SystemID(Self.theirs)], senderAuthorities: [try CVRNumber("99000001")],
          recipientAuthorities: [try CVRNumber("99000461"), try CVRNumber("99000751")]),
        ArrivalRoute(name: "svar", account: "faktura", infRef: InfRef(unchecked: "Forretningssvar_1")),
        ArrivalRoute(
          name: "udtræk", account: "other", infRef: InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_1")),
      ], register: ["Forretningssvar_1"])
    let content: FileContentDescriptor =
      direct
      ? .empty
      : .routing(
        try RoutingInfo(
          infRef: InfRef(unchecked: infRef), senderITSystem: SystemID(system), senderAuthority: CVRNumber(from),
          transactionID: .random(), senderTimestamp: .now(),
          recipientITSystem: recipientSystem.map { try SystemID($0) },
          recipientAuthority: CVRNumber(to)))
    let metadata = try FileMetadata(
      fileTransferUUID: "u",
      fileDescriptor: DataFileDescriptor(
        fileName: "a.csv", sizeInBytes: 1, sender: sender, recipients: ["faktura"]),
      fileContentDescriptor: content)
    switch ArrivalPolicy(account: account, settings: settings).judge(metadata) {
    case .expected(let route): return "expected by \(route.name)"
    case .refused(let reason): return reason.description
    }
  }

  @Test("accepts a permitted arrival by its route")
  func whatIsPermittedIsExpectedByItsRoute() throws {
    #expect(try verdict(infRef: "SortimentOverfør_1") == "expected by sortiment")
    #expect(try verdict(infRef: "SortimentOverfør_1", to: "99000751") == "expected by sortiment")
    #expect(try verdict(infRef: "SortimentOverfør_1", recipientSystem: nil) == "expected by sortiment")
    #expect(try verdict(infRef: "Forretningssvar_1", sender: "anybody", from: "99000101") == "expected by svar")
  }

  @Test("refuses a sortiment from any other sender or system")
  func aSortimentFromAnybodyElseIsWrong() throws {
    let sender = try verdict(infRef: "SortimentOverfør_1", sender: "nabo")
    #expect(sender.contains("sender nabo is not permitted by sortiment") && sender.contains("FK-KLA"))
    let system = try verdict(infRef: "SortimentOverfør_1", system: Self.ours)
    #expect(system.contains("sender system \(Self.ours)") && system.contains("FK-KLA"))
    // No text advises permitting an arrival that no setting can permit.
    for reason in [sender, system] {
      #expect(reason.contains("do not permit it") && !reason.contains("permit it under arrivals"), "\(reason)")
    }
    let authority = try verdict(infRef: "SortimentOverfør_1", to: "99000999")
    #expect(authority.contains("if this is right, permit it under arrivals:"), "\(authority)")
  }

  @Test("reports the other version of the sortiment")
  func theOtherVersionOfTheSortimentIsReported() throws {
    let reason = try verdict(infRef: "SortimentOverfør_2")
    #expect(reason.contains("another version") && reason.contains("SortimentOverfør_1") && reason.contains("TF106"))
  }

  @Test("reports an authority without permission")
  func anAuthorityWithoutPermissionIsReported() throws {
    #expect(
      try verdict(infRef: "SortimentOverfør_1", from: "99000999").contains("sender authority 99000999 is not permitted")
    )
    #expect(
      try verdict(infRef: "SortimentOverfør_1", to: "99000999").contains(
        "recipient authority 99000999 is not permitted")
    )
  }

  @Test(
    "explains an InfRef that no arrival expects",
    arguments: [
      ("SF7002", "form"), ("FakturaInformationAfsend_1", "web service"), ("SF1590_D", "integration's number"),
      ("SortimentOverfor_1", "no right spelling of SortimentOverfør_1"),
      ("FagsystemdefineredeDataAflever_1", "service's name"),
      ("FagsystemdefineredeDataRefGDPR1203_1", "not expected by faktura"), ("Andet_1", "not expected by faktura"),
    ])
  func anInfRefThatNothingExpectsIsExplained(infRef: String, words: String) throws {
    let reason = try verdict(infRef: infRef)
    #expect(reason.contains(words), "\(reason)")
    #expect(reason.contains(infRef))
  }

  @Test("reports a file for another system")
  func aFileForAnotherSystemIsReported() throws {
    #expect(
      try verdict(infRef: "SortimentOverfør_1", recipientSystem: Self.theirs).contains("meant for the IT-system"))
  }

  @Test("reports a direct transmission")
  func aDirectTransmissionIsReported() throws {
    #expect(try verdict(infRef: "", direct: true).contains("no routing info"))
  }
}
