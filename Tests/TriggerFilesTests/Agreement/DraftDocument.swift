import SeededNumbers

/// Makes documents of the contract with whatever may be left out or repeated, by chance (section 2).
struct DraftMaker {
  static let namespace = "http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types"

  var random: SeededGenerator

  mutating func document() -> DraftElement {
    switch Int.random(in: 0..<8, using: &random) {
    case 0...2: root("Trigger", [fileDescriptor(), contentDescriptor()])
    case 3...4: root("FileMetadata", [leaf("FileTransferUUID", .text), fileDescriptor(), contentDescriptor()])
    case 5: root("TechnicalReceipt", [leaf("FileTransferUUID", .text)] + maybe("SendersFileId", .text) + outcome())
    case 6:
      root(
        "BusinessReceipt",
        [
          leaf("FileTransferUUID", .text), leaf("Filename", .text), leaf("Recipient", .text255),
          leaf("FileAcceptance", .acceptance),
        ] + maybe("Reason", .text))
    default:
      root("BusinessResponse", random.chance(50) ? [leaf("ResponseMessage", .text)] : errors(from: 0))
    }
  }

  private func root(_ name: String, _ children: [DraftElement]) -> DraftElement {
    DraftElement(name, namespace: Self.namespace, children)
  }

  private mutating func leaf(_ name: String, _ kind: DraftElement.Kind) -> DraftElement {
    let leaf = DraftElement(name, kind: kind)
    leaf.content = [.text(random.pick(kind.good))]
    return leaf
  }

  private mutating func maybe(_ name: String, _ kind: DraftElement.Kind) -> [DraftElement] {
    random.chance(50) ? [leaf(name, kind)] : []
  }

  private mutating func fileDescriptor() -> DraftElement {
    let start = [leaf("FileName", .text255), leaf("SizeInBytes", .size), leaf("Sender", .text255)]
    let id = maybe("SendersFileId", .text255)
    return DraftElement(
      "FileDescriptor",
      start + id + (0...Int.random(in: 0...2, using: &random)).map { _ in leaf("Recipients", .text255) })
  }

  private mutating func contentDescriptor() -> DraftElement {
    let content: [DraftElement] =
      switch Int.random(in: 0..<5, using: &random) {
      case 0: []
      case 1: (0...Int.random(in: 0...1, using: &random)).map { _ in foreign() }
      default: [routing()]
      }
    return DraftElement("FileContentDescriptor", content)
  }

  private mutating func routing() -> DraftElement {
    let start = [
      leaf("InfRef", .text), leaf("SenderIt-system", .uuid), leaf("SenderAuthority", .cvr),
      leaf("TransactionId", .uuid),
      leaf("SenderTimestamp", .dateTime),
    ]
    let recipient = maybe("RecipientIt-system", .uuid) + [leaf("RecipientAuthority", .cvr)]
    let list =
      random.chance(40)
      ? [
        DraftElement(
          "RouteParameterList",
          (0...Int.random(in: 0...2, using: &random)).map { _ in DraftElement("RouteParameter", [parameter()]) })
      ] : []
    return DraftElement("SFTPDynamicRoutingInfo", start + recipient + list)
  }

  private mutating func parameter() -> DraftElement {
    guard random.chance(60) else { return random.chance(50) ? foreign() : DraftElement("Plain", []) }
    let date = DraftElement("RouteSelectionValueDate", namespace: Self.namespace, kind: .date)
    date.content = [.text(random.pick(DraftElement.Kind.date.good))]
    return date
  }

  private mutating func foreign() -> DraftElement {
    let element = DraftElement("Foreign", namespace: "urn:example", [DraftElement("Inside", [])])
    element.attributes = [("a", "1")]
    element.content.append(.text("text"))
    return element
  }

  private mutating func outcome() -> [DraftElement] {
    random.chance(50) ? [DraftElement("Receipt", [leaf("Message", .text)])] : errors(from: 1)
  }

  private mutating func errors(from least: Int) -> [DraftElement] {
    (0..<Int.random(in: least...2, using: &random)).map { _ in
      DraftElement(
        "ErrorMessage",
        [leaf("ErrorCode", .int), leaf("ErrorCodeDescription", .text), leaf("ErrorDescription", .text)])
    }
  }
}
