/// The contract's `SFTPDynamicRoutingInfo`: the platform finds the recipient by it (sections 2 and 3).
public struct RoutingInfo: Sendable, Hashable {
  /// The data's category, exactly as in the document; ``InfRef/check(_:register:place:form:)`` knows the rules for it.
  public let infRef: InfRef
  /// The sending IT-system instance.
  public let senderITSystem: SystemID
  /// The sending authority.
  public let senderAuthority: CVRNumber
  /// The transmission's id; every retry has the same one.
  public let transactionID: TransactionID
  /// The time of sending, as stated by the sender.
  public let senderTimestamp: XMLDateTime
  /// The receiving IT-system instance, for an explicit route; `nil` leaves the choice to the platform's rules.
  public let recipientITSystem: SystemID?
  /// The authority that shall have the data.
  public let recipientAuthority: CVRNumber
  /// Further parameters for the platform's rules; an empty list is written as no list.
  public let routeParameters: [RouteParameter]

  /// Describes a route.
  ///
  /// - Throws: `DocumentError` when the InfRef is empty or holds a character that XML cannot carry.
  public init(
    infRef: InfRef, senderITSystem: SystemID, senderAuthority: CVRNumber, transactionID: TransactionID,
    senderTimestamp: XMLDateTime, recipientITSystem: SystemID? = nil, recipientAuthority: CVRNumber,
    routeParameters: [RouteParameter] = []
  ) throws(DocumentError) {
    var validation = DocumentValidation("SFTPDynamicRoutingInfo")
    validation.check(infRef.name, "InfRef", .required)
    try validation.finish()
    self.infRef = infRef
    self.senderITSystem = senderITSystem
    self.senderAuthority = senderAuthority
    self.transactionID = transactionID
    self.senderTimestamp = senderTimestamp
    self.recipientITSystem = recipientITSystem
    self.recipientAuthority = recipientAuthority
    self.routeParameters = routeParameters
  }
}

extension RoutingInfo {
  private static let model = ContentModel(
    .one("InfRef"), .one("SenderIt-system"), .one("SenderAuthority"), .one("TransactionId"), .one("SenderTimestamp"),
    .maybe("RecipientIt-system"), .one("RecipientAuthority"), .maybe("RouteParameterList"))

  init?(reading element: XMLElement, _ findings: Findings) {
    let children = Self.model.read(element, findings)
    let infRef = children.first("InfRef")?.text(.required, findings) { findings.advise(infRef: $0, at: $1) }
    let sender = children.first("SenderIt-system")?.value(findings, SystemID.init)
    let senderAuthority = CVRNumber(reading: children.first("SenderAuthority"), findings)
    let transaction = children.first("TransactionId")?.value(findings, TransactionID.init)
    let timestamp = children.first("SenderTimestamp")?.value(findings) { text throws(ValueError) in
      try XMLDateTime(text)
    }
    recipientITSystem = children.first("RecipientIt-system")?.value(findings, SystemID.init)
    let recipientAuthority = CVRNumber(reading: children.first("RecipientAuthority"), findings)
    routeParameters = RouteParameter.readList(children.first("RouteParameterList"), findings)
    guard let infRef, let sender, let senderAuthority, let transaction, let timestamp, let recipientAuthority else {
      return nil
    }
    self.infRef = InfRef(unchecked: infRef)
    self.senderITSystem = sender
    self.senderAuthority = senderAuthority
    self.transactionID = transaction
    self.senderTimestamp = timestamp
    self.recipientAuthority = recipientAuthority
  }

  func write(to writer: inout XMLWriter) {
    writer.element("SFTPDynamicRoutingInfo") { writer in
      writer.element("InfRef", infRef.name)
      writer.element("SenderIt-system", senderITSystem.rawValue)
      writer.element("SenderAuthority", senderAuthority.urn)
      writer.element("TransactionId", transactionID.rawValue)
      writer.element("SenderTimestamp", senderTimestamp.text)
      writer.element("RecipientIt-system", recipientITSystem?.rawValue)
      writer.element("RecipientAuthority", recipientAuthority.urn)
      guard !routeParameters.isEmpty else { return }
      writer.element("RouteParameterList") { writer in
        for parameter in routeParameters { parameter.write(to: &writer) }
      }
    }
  }
}

extension CVRNumber {
  /// Reads the URN; a wrong check digit is only a warning.
  fileprivate init?(reading element: XMLElement?, _ findings: Findings) {
    guard let element, let number = element.value(findings, CVRNumber.init(urn:)) else { return nil }
    if !number.hasValidCheckDigit {
      findings.add(
        ValueError(
          code: .cvrCheckDigit,
          found: LocalizedText(
            "the CVR number \(number), whose check digit does not fit",
            "CVR-nummeret \(number), hvis kontrolciffer ikke passer"),
          expected: LocalizedText("a number that modulus 11 divides", "et nummer, der går op i modulus 11"),
          remedy: LocalizedText(
            "compare it with the business register; for test numbers this is usual",
            "sammenlign det med CVR-registret; for testnumre er det almindeligt")),
        severity: .warning, at: element)
    }
    self = number
  }
}
