extension RoutingInfo: Codable {
  private enum CodingKeys: String, CodingKey {
    case infRef = "InfRef"
    case senderITSystem = "SenderIt-system"
    case senderAuthority = "SenderAuthority"
    case transactionID = "TransactionId"
    case senderTimestamp = "SenderTimestamp"
    case recipientITSystem = "RecipientIt-system"
    case recipientAuthority = "RecipientAuthority"
    case routeParameters = "RouteParameterList"
  }

  /// Reads the fields under their names in the document; the rules are those of building one.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      infRef: fields.decode(InfRef.self, forKey: .infRef),
      senderITSystem: fields.decode(SystemID.self, forKey: .senderITSystem),
      senderAuthority: fields.decode(CVRNumber.self, forKey: .senderAuthority),
      transactionID: fields.decode(TransactionID.self, forKey: .transactionID),
      senderTimestamp: fields.decode(XMLDateTime.self, forKey: .senderTimestamp),
      recipientITSystem: fields.decodeIfPresent(SystemID.self, forKey: .recipientITSystem),
      recipientAuthority: fields.decode(CVRNumber.self, forKey: .recipientAuthority),
      routeParameters: fields.decodeIfPresent([RouteParameter].self, forKey: .routeParameters) ?? [])
  }

  /// Writes the fields under their names in the document.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(infRef, forKey: .infRef)
    try fields.encode(senderITSystem, forKey: .senderITSystem)
    try fields.encode(senderAuthority, forKey: .senderAuthority)
    try fields.encode(transactionID, forKey: .transactionID)
    try fields.encode(senderTimestamp, forKey: .senderTimestamp)
    try fields.encodeIfPresent(recipientITSystem, forKey: .recipientITSystem)
    try fields.encode(recipientAuthority, forKey: .recipientAuthority)
    if !routeParameters.isEmpty { try fields.encode(routeParameters, forKey: .routeParameters) }
  }
}
