import Foundation
import Testing
import TriggerFiles

/// Live writers leave optional elements empty: those are read as absent, with a warning (contract section 2, House).
@Suite("Empty optional elements") struct EmptyOptionalTests {
  private static let namespace = "http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types"

  private static let metadata = """
    <n:FileMetadata xmlns:n="\(namespace)" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
      <FileTransferUUID>u</FileTransferUUID>
      <FileDescriptor>
        <FileName>a.xml</FileName><SizeInBytes>1</SizeInBytes><Sender>s</Sender>
        <SendersFileId/>
        <Recipients>ROUTING_V1_0_0</Recipients>
      </FileDescriptor>
      <FileContentDescriptor>
        <SFTPDynamicRoutingInfo>
          <InfRef>X_1</InfRef>
          <SenderIt-system>0d6b2f3e-1111-4a5c-9c3e-2f4d5a6b7c80</SenderIt-system>
          <SenderAuthority>urn:oio:cvr-nr:10000009</SenderAuthority>
          <TransactionId>0d6b2f3e-1111-4a5c-9c3e-2f4d5a6b7c81</TransactionId>
          <SenderTimestamp>2026-11-21T03:14:00Z</SenderTimestamp>
          <RecipientIt-system> <!-- none --> </RecipientIt-system>
          <RecipientAuthority>urn:oio:cvr-nr:10000009</RecipientAuthority>
          <RouteParameterList></RouteParameterList>
        </SFTPDynamicRoutingInfo>
      </FileContentDescriptor>
    </n:FileMetadata>
    """

  @Test("reads SendersFileId, RecipientIt-system and RouteParameterList as absent, each with a warning at its place")
  func metadata() throws {
    let inspection = Document.inspect(Array(Self.metadata.utf8))
    #expect(inspection.diagnostics.map(\.code) == [.emptyOptional, .emptyOptional, .emptyOptional])
    #expect(inspection.diagnostics.allSatisfy { $0.severity == .warning })
    #expect(inspection.diagnostics.map(\.line) == [5, 15, 17])
    #expect(inspection.diagnostics.first?.path == "/n:FileMetadata/FileDescriptor/SendersFileId")
    let read = try FileMetadata(reading: Array(Self.metadata.utf8))
    #expect(read.fileDescriptor.sendersFileID == nil)
    let routing = try #require(read.fileContentDescriptor.routingInfo)
    #expect(routing.recipientITSystem == nil)
    #expect(routing.routeParameters == [])
    // A document written again is strict: no empty element, and no warning.
    #expect(Document.inspect(read.xml()).diagnostics == [])
  }

  @Test("takes xsi:nil on an empty optional element, and no other attribute")
  func nilled() throws {
    let nilled = Self.metadata.replacingOccurrences(of: "<SendersFileId/>", with: "<SendersFileId xsi:nil='true'/>")
    #expect(codes(nilled) == [.emptyOptional, .emptyOptional, .emptyOptional])
    let odd = Self.metadata.replacingOccurrences(of: "<SendersFileId/>", with: "<SendersFileId a='1'/>")
    #expect(Set(codes(odd)) == [.unknownAttribute, .emptyValue, .emptyOptional])
    let filled = Self.metadata.replacingOccurrences(
      of: "<SendersFileId/>", with: "<SendersFileId xsi:nil='true'>x</SendersFileId>")
    #expect(codes(filled).contains(.unknownAttribute))
  }

  @Test("reads a receipt's SendersFileId and a business receipt's Reason as absent")
  func receipts() throws {
    let technical = """
      <n:TechnicalReceipt xmlns:n="\(Self.namespace)"><FileTransferUUID>u</FileTransferUUID><SendersFileId/>\
      <Receipt><Message>SUCCESS</Message></Receipt></n:TechnicalReceipt>
      """
    #expect(codes(technical) == [.emptyOptional])
    #expect(try TechnicalReceipt(reading: Array(technical.utf8)).sendersFileID == nil)
    let business = """
      <n:BusinessReceipt xmlns:n="\(Self.namespace)"><FileTransferUUID>u</FileTransferUUID><Filename>a</Filename>\
      <Recipient>r</Recipient><FileAcceptance>ACCEPTED</FileAcceptance><Reason></Reason></n:BusinessReceipt>
      """
    #expect(codes(business) == [.emptyOptional])
    #expect(try BusinessReceipt(reading: Array(business.utf8)).reason == nil)
  }

  @Test("still refuses empty required elements, an empty side of a choice, and empty elements doubled or out of place")
  func strictElsewhere() {
    let empty = """
      <n:TechnicalReceipt xmlns:n="\(Self.namespace)"><FileTransferUUID>u</FileTransferUUID><Receipt/></n:TechnicalReceipt>
      """
    #expect(codes(empty) == [.missingElement])
    let doubled = Self.metadata.replacingOccurrences(of: "<SendersFileId/>", with: "<SendersFileId/><SendersFileId/>")
    #expect(codes(doubled).contains(.doubledElement))
    let misplaced = Self.metadata.replacingOccurrences(of: "<SendersFileId/>", with: "")
      .replacingOccurrences(of: "<FileName>", with: "<SendersFileId/><FileName>")
    #expect(codes(misplaced).contains(.misplacedElement))
    let required = Self.metadata.replacingOccurrences(of: "<InfRef>X_1</InfRef>", with: "<InfRef/>")
    #expect(codes(required).contains(.emptyValue))
  }

  @Test("never writes an empty reason")
  func writing() throws {
    for reason in ["", " \n"] {
      let receipt = try BusinessReceipt(
        fileTransferUUID: "u", fileName: "a", recipient: "r", fileAcceptance: .rejected, reason: reason)
      #expect(receipt.reason == nil)
      #expect(Document.inspect(receipt.xml()).diagnostics == [])
    }
  }
}
