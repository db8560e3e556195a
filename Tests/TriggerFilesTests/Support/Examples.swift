import Foundation
import TriggerFiles

/// Values to build documents from.
enum Examples {
  static let system = "0d6b2f3e-1111-4a5c-9c3e-2f4d5a6b7c80"
  static let transaction = "7a1c9f60-2222-4b7e-8d10-6e5f4a3b2c1d"

  static func routing(
    infRef: String = "SortimentOverf\u{F8}r_1", recipient: String? = "5e2d8c7b-3333-4c9f-a1b2-c3d4e5f60718",
    timestamp: String = "2026-11-21T03:14:00Z", parameters: [RouteParameter] = []
  ) throws -> RoutingInfo {
    try RoutingInfo(
      infRef: InfRef(unchecked: infRef), senderITSystem: SystemID(system), senderAuthority: CVRNumber("10000009"),
      transactionID: TransactionID(transaction), senderTimestamp: XMLDateTime(timestamp),
      recipientITSystem: recipient.map { try SystemID($0) }, recipientAuthority: CVRNumber("10000017"),
      routeParameters: parameters)
  }

  static func file(
    name: String = "sortiment.xml", sendersFileID: String? = nil, recipients: [String] = ["ROUTING_V1_0_0"]
  ) throws -> DataFileDescriptor {
    try DataFileDescriptor(
      fileName: name, sizeInBytes: 17, sender: "fk-kla", sendersFileID: sendersFileID, recipients: recipients)
  }

  static func trigger(_ content: FileContentDescriptor? = nil) throws -> Trigger {
    Trigger(fileDescriptor: try file(), fileContentDescriptor: try content ?? .routing(routing()))
  }

  /// Every kind of document with every part that may be left out and without it.
  static func documents() throws -> [Document] {
    let date = RouteParameter.routeSelectionValueDate(try XMLDate("2026-12-01"))
    let foreign = try ForeignElement(
      namespace: "urn:example", name: "Del", attributes: [.init(name: "nr", value: "1 \"<&\n\t")],
      content: [.text("l\u{F8}n & "), .element(ForeignElement(namespace: nil, name: "x"))])
    let errors = try [
      ReceiptError(code: .min, codeDescription: "", description: "ingen rute"),
      ReceiptError(code: .max, codeDescription: "A<B", description: "]]>"),
    ]
    let uuid = "c0ffee00-4444-4d1e-b2c3-d4e5f6071829"
    return try [
      .trigger(trigger()),
      .trigger(trigger(.routing(routing(recipient: nil, parameters: [date, .other(foreign), date])))),
      .trigger(
        Trigger(fileDescriptor: file(sendersFileID: "42", recipients: ["a", "b"]), fileContentDescriptor: .empty)),
      .trigger(trigger(.foreign(ForeignContent([foreign, foreign])))),
      .metadata(
        FileMetadata(fileTransferUUID: uuid, fileDescriptor: file(), fileContentDescriptor: .routing(routing()))),
      .technicalReceipt(TechnicalReceipt(fileTransferUUID: uuid, outcome: .receipt(message: "SUCCESS"))),
      .technicalReceipt(TechnicalReceipt(fileTransferUUID: uuid, sendersFileID: "42", outcome: .receipt(message: ""))),
      .technicalReceipt(TechnicalReceipt(fileTransferUUID: uuid, outcome: .errors(errors))),
      .businessReceipt(
        BusinessReceipt(fileTransferUUID: uuid, fileName: "a.xml", recipient: "flis", fileAcceptance: .accepted)),
      .businessReceipt(
        BusinessReceipt(
          fileTransferUUID: uuid, fileName: "a.xml", recipient: "flis", fileAcceptance: .couldNotNotifyRecipient,
          reason: "linje 1\r\nlinje 2")),
      .businessResponse(BusinessResponse(.message("modtaget"))),
      .businessResponse(BusinessResponse(.errors([]))),
      .businessResponse(BusinessResponse(.errors(errors))),
    ]
  }
}

/// The codes of the diagnostics of a text.
func codes(_ text: String) -> [DiagnosticCode] { codes(Array(text.utf8)) }

/// The codes of the diagnostics of a document.
func codes(_ bytes: [UInt8]) -> [DiagnosticCode] { Document.inspect(bytes).diagnostics.map(\.code) }

/// A trigger written by hand, with something put in place of something else.
func trigger(replacing old: String = "", with new: String = "") -> String {
  let text = """
    <?xml version="1.0" encoding="UTF-8"?>
    <n:Trigger xmlns:n="http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types">
      <FileDescriptor>
        <FileName>a.xml</FileName>
        <SizeInBytes>1</SizeInBytes>
        <Sender>s</Sender>
        <Recipients>r</Recipients>
      </FileDescriptor>
      <FileContentDescriptor></FileContentDescriptor>
    </n:Trigger>
    """
  guard let range = old.isEmpty ? nil : text.range(of: old) else { return text }
  return text.replacingCharacters(in: range, with: new)
}
