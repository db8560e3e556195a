import ExchangeSettings
public import TriggerFiles

extension PlatformPlan {
  /// The plan of the demo and of `filsluse platform`.
  ///
  /// - The shared classification system (`fk-kla`) sends the sortiment to an invoice-handling system (`faktura`): route
  ///   `sortiment`.
  /// - A fagsystem (`fagsystem`) sends one extract per municipality to the shared management-information system
  ///   (`flis`): the 98 routes `flis-0101` to `flis-0860`; and Aarhus's extract also to that municipality's own
  ///   (`lis-aarhus`): route `lis-0751`.
  ///
  /// All CVR numbers are of the test series 9900xxxx and belong to no authority.
  public static let demo = PlatformPlan(systems: demoSystems, routes: demoRoutes)

  /// The InfRef of the demo's extracts: the example of KOMBIT's documents.
  public static let demoExtracts = InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_1")

  private static let sortiment = InfRef(unchecked: "SortimentOverfør_1")
  private static let aarhus = "0751"
  private static let operatorAuthority = CVRNumber.ofTestSeries("9001")
  private static let vendorAuthority = CVRNumber.ofTestSeries("9002")

  private static var demoSystems: [PlatformSystem] {
    [
      PlatformSystem(
        name: "fk-kla", title: "FK-KLA, the shared classification system", itSystem: .ofDemo(1),
        authority: operatorAuthority),
      PlatformSystem(
        name: "faktura", title: "An invoice-handling system (fakturahåndteringssystem)", itSystem: .ofDemo(2),
        authority: .ofTestSeries(aarhus), pickUpWithin: [.sf7002: .seconds(4 * 3600)]),
      PlatformSystem(
        name: "fagsystem", title: "A fagsystem that serves all municipalities", itSystem: .ofDemo(3),
        authority: vendorAuthority),
      PlatformSystem(
        name: "lis-aarhus", title: "Aarhus's management-information system (LIS)", itSystem: .ofDemo(4),
        authority: .ofTestSeries(aarhus), pickUpWithin: [demoExtracts: .seconds(24 * 3600)]),
      PlatformSystem(
        name: "flis", title: "FLIS, the municipalities' shared management-information system", itSystem: .ofDemo(5),
        authority: operatorAuthority, pickUpWithin: [demoExtracts: .seconds(24 * 3600)]),
    ]
  }

  private static var demoRoutes: [PlatformRoute] {
    let toInvoices = PlatformRoute(
      name: "sortiment", infRef: sortiment, from: "fk-kla", operatorAuthority, to: "faktura", .ofTestSeries(aarhus))
    let toFLIS = Municipality.all.map { municipality in
      PlatformRoute(
        name: "flis-\(municipality.code)", infRef: demoExtracts, from: "fagsystem", municipality.testAuthority,
        to: "flis",
        municipality.testAuthority, municipality: municipality.code)
    }
    let toLIS = PlatformRoute(
      name: "lis-\(aarhus)", infRef: demoExtracts, from: "fagsystem", .ofTestSeries(aarhus), to: "lis-aarhus",
      .ofTestSeries(aarhus), municipality: aarhus)
    return [toInvoices] + toFLIS + [toLIS]
  }
}

extension Municipality {
  /// The number that stands for the municipality in trials: `9900` and the code.
  ///
  /// It is evidently none of the real ones, which belong to the authorities and have no place in a trial.
  public var testAuthority: CVRNumber { .ofTestSeries(code) }
}

extension CVRNumber {
  /// A number of the test series: `9900` and four digits.
  static func ofTestSeries(_ digits: String) -> CVRNumber {
    do {
      return try CVRNumber("9900\(digits)")
    } catch {
      preconditionFailure("a test number has four digits of its own: \(error)")
    }
  }
}

extension SystemID {
  /// A fixed identifier of the demo's plan.
  static func ofDemo(_ number: Int) -> SystemID {
    do {
      return try SystemID("f1150000-0000-4000-8000-00000000000\(number)")
    } catch {
      preconditionFailure("the demo's systems are numbered 0 to 9: \(error)")
    }
  }
}
