import Foundation
import Testing
import TriggerFiles

@Suite struct WritingTests {
  @Test("a written document is valid and reads back the same")
  func whatIsWrittenIsValidAndReadsAsTheSameValue() async throws {
    for document in try Examples.documents() {
      let xml = document.xml()
      #expect(try Document(reading: xml) == document)
      #expect(try await XMLLint.isValid(xml), "\(String(decoding: xml, as: UTF8.self))")
    }
  }

  @Test("the root alone is qualified and the declaration says UTF 8")
  func theRootAloneIsQualifiedAndTheDeclarationSaysUTF8() throws {
    let xml = String(decoding: try Examples.trigger(.empty).xml(), as: UTF8.self)
    #expect(
      xml == """
        <?xml version="1.0" encoding="UTF-8"?>
        <ns2:Trigger xmlns:ns2="http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types">
          <FileDescriptor>
            <FileName>sortiment.xml</FileName>
            <SizeInBytes>17</SizeInBytes>
            <Sender>fk-kla</Sender>
            <Recipients>ROUTING_V1_0_0</Recipients>
          </FileDescriptor>
          <FileContentDescriptor/>
        </ns2:Trigger>

        """)
  }

  @Test("metadata is written in its present form unless asked for the older")
  func metadataIsWrittenInItsPresentFormUnlessAskedForTheOlder() throws {
    let metadata = try FileMetadata(
      fileTransferUUID: "1", fileDescriptor: Examples.file(), fileContentDescriptor: .empty, root: .trigger)
    #expect(try FileMetadata(reading: metadata.xml()).root == .fileMetadata)
    #expect(try FileMetadata(reading: metadata.xml(as: .trigger)) == metadata)
    #expect(Document.metadata(metadata).xml() == metadata.xml(as: .trigger))
  }

  @Test("carriage returns and markup survive")
  func carriageReturnsAndMarkupSurvive() throws {
    let text = "a\r\nb\rc\n\td ]]> <![CDATA[x]]> &amp; \u{10FFFF}\u{85}\u{2028}"
    let receipt = try TechnicalReceipt(fileTransferUUID: "1", outcome: .receipt(message: text))
    let read = try TechnicalReceipt(reading: receipt.xml())
    guard case .receipt(let message) = read.outcome else { return #expect(Bool(false), "no receipt") }
    #expect(Array(message.utf8) == Array(text.utf8))
  }

  @Test("a value that the contract does not allow cannot be built")
  func aValueThatTheContractDoesNotAllowCannotBeBuilt() throws {
    func codes(_ build: () throws -> Any) -> [DiagnosticCode] {
      do {
        _ = try build()
        return []
      } catch let error as DocumentError {
        return error.diagnostics.map(\.code)
      } catch {
        return [DiagnosticCode(rawValue: "\(error)")]
      }
    }
    let long = String(repeating: "\u{E6}", count: 256)
    #expect(
      codes { try DataFileDescriptor(fileName: "", sizeInBytes: 0, sender: " ", sendersFileID: long, recipients: []) }
        == [.emptyValue, .emptyValue, .tooLong, .missingElement])
    #expect(
      codes {
        try DataFileDescriptor(fileName: String(long.dropLast()), sizeInBytes: 0, sender: "s", recipients: ["r"])
      }
        == [])
    #expect(codes { try Examples.routing(infRef: "a\u{0}") } == [.forbiddenCharacter])
    #expect(codes { try TechnicalReceipt(fileTransferUUID: "1", outcome: .errors([])) } == [.missingElement])
    #expect(codes { try BusinessResponse(.message("\u{FFFE}")) } == [.forbiddenCharacter])
    #expect(codes { try ForeignContent([]) } == [.missingElement])
    #expect(
      codes { try ForeignContent([ForeignElement(namespace: nil, name: "x")]) } == [.invalidForeignElement])
    for name in ["", "1a", "a b", "a:b", "<"] {
      #expect(codes { try ForeignElement(namespace: "u", name: name) } == [.invalidForeignElement])
    }
  }

  @Test("a diagnostic of a built value names its element")
  func aDiagnosticOfABuiltValueNamesItsElement() throws {
    let error = #expect(throws: DocumentError.self) {
      try DataFileDescriptor(fileName: "a", sizeInBytes: 0, sender: "s", recipients: ["r", ""])
    }
    #expect(
      error?.description
        == "error: FileDescriptor/Recipients: an empty value; a value (section 2); fill it in [empty-value]")
  }

  @Test("takes a receipt for a success only when its message is SUCCESS, to the letter")
  func onlyTheSuccessMessageIsASuccess() throws {
    let isSuccess = { (outcome: TechnicalReceipt.Outcome) throws in
      try TechnicalReceipt(fileTransferUUID: "1", outcome: outcome).isSuccess
    }
    #expect(try isSuccess(.receipt(message: "SUCCESS")))
    for message in ["Success", "SUCCESS ", "", "SUCCESS\u{301}", "DELAYED"] {
      #expect(try !isSuccess(.receipt(message: message)))
    }
    #expect(try !isSuccess(.errors([ReceiptError(code: 0, codeDescription: "SUCCESS", description: "SUCCESS")])))
  }
}
