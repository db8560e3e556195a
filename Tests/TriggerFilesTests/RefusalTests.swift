import Foundation
import Testing
import TriggerFiles

/// Refused documents, and the code of each refusal.
@Suite struct RefusalTests {
  @Test(
    "refuses a text that is no document",
    arguments: [
      ("", DiagnosticCode.notXML), (" \n", .notXML), ("hello", .notXML), ("{\"a\": 1}", .notXML), ("<", .cutShort),
      ("<a", .cutShort), ("<a>", .cutShort), ("<a><b></a>", .notXML), ("<a b='", .cutShort), ("<a>&", .cutShort),
      ("<?xml version='1.0'", .cutShort), ("<a/><b/>", .secondRoot), ("<a/>b", .trailingContent),
      ("<a/>\n]]>", .trailingContent), ("<a/></a>", .trailingContent), ("<!DOCTYPE a><a/>", .documentType),
      ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", .documentType), ("<a>&x;</a>", .notXML), ("<p:a/>", .notXML),
      ("<a b='1' b='2'/>", .notXML), ("<a>\u{1}</a>", .notXML), ("<a>\u{0}</a>", .nulCharacter),
      ("<a/>\u{0}", .nulCharacter),
      ("<a>&#0;</a>", .notXML), ("<a>&#xD800;</a>", .notXML), ("<a>\u{FFFE}</a>", .notXML), ("<a>]]></a>", .notXML),
      ("<a b='<'/>", .notXML), ("<a/><!-- -- -->", .notXML), ("<a><?xml version='1.0'?></a>", .notXML),
      ("<a/>", .unknownRoot), ("<Trigger/>", .wrongNamespace), ("<Trigger xmlns='urn:x'/>", .wrongNamespace),
    ])
  func whatIsNoDocument(text: String, code: DiagnosticCode) {
    #expect(codes(text) == [code])
  }

  @Test(
    "reports errors in a trigger",
    arguments: [
      ("<Sender>s</Sender>", "", DiagnosticCode.missingElement),
      ("<Sender>s</Sender>", "<Sender>s</Sender><Sender>s</Sender>", .doubledElement),
      ("<Sender>s</Sender>", "<n:Sender>s</n:Sender>", .qualifiedElement),
      ("<Sender>s</Sender>", "<Sender xmlns='urn:x'>s</Sender>", .qualifiedElement),
      ("<Sender>s</Sender>", "<Sender>s</Sender><x/>", .unknownElement),
      ("<Sender>s</Sender>", "<Sender>s<x/></Sender>", .unknownElement),
      ("<Sender>s</Sender>", "<Sender/>", .emptyValue),
      ("<Sender>s</Sender>", "<Sender> \n&#32;<!-- s --></Sender>", .emptyValue),
      ("<Sender>s</Sender>", "<Sender>s</Sender>text", .misplacedText),
      ("<Sender>s</Sender>", "<Sender>s</Sender><![CDATA[text]]>", .misplacedText),
      ("<Sender>s</Sender>", "<Sender a=''>s</Sender>", .unknownAttribute),
      ("<Sender>s</Sender>", "<Sender xml:lang='da'>s</Sender>", .unknownAttribute),
      ("<FileName>a.xml</FileName>", "<FileName>\(String(repeating: "å", count: 256))</FileName>", .tooLong),
      ("<SizeInBytes>1<", "<SizeInBytes>1.0<", .invalidNumber), ("<SizeInBytes>1<", "<SizeInBytes>-1<", .invalidNumber),
      ("<SizeInBytes>1<", "<SizeInBytes>1 2<", .invalidNumber), ("<SizeInBytes>1<", "<SizeInBytes>١<", .invalidNumber),
      ("<SizeInBytes>1<", "<SizeInBytes>0x1<", .invalidNumber), ("<SizeInBytes>1<", "<SizeInBytes/><x a='<", .notXML),
      ("<FileContentDescriptor>", "<FileContentDescriptor>text", .misplacedText),
      ("<FileContentDescriptor>", "<FileContentDescriptor><x/>", .unknownElement),
      ("<FileContentDescriptor>", "<FileContentDescriptor><n:x/>", .unknownElement),
      ("<FileContentDescriptor>", "<FileContentDescriptor><n:SFTPDynamicRoutingInfo/>", .qualifiedElement),
    ])
  func whatIsWrongInATrigger(old: String, new: String, code: DiagnosticCode) {
    #expect(codes(trigger(replacing: old, with: new)) == [code])
  }

  @Test("a character is a scalar when lengths are counted")
  func aCharacterIsAScalarWhenLengthsAreCounted() {
    // One Character to Swift, 255 and 256 characters to XML.
    for (count, code) in [(254, [DiagnosticCode]()), (255, [.tooLong])] {
      let name = "e" + String(repeating: "\u{301}", count: count)
      #expect(codes(trigger(replacing: "a.xml", with: name)) == code)
    }
  }

  @Test("all findings come in one pass in the order of the document")
  func allFindingsComeInOnePassInTheOrderOfTheDocument() throws {
    let text = trigger(replacing: "<FileName>a.xml</FileName>", with: "<x/>")
      .replacingOccurrences(of: "<SizeInBytes>1<", with: "<SizeInBytes>one<")
      .replacingOccurrences(of: "<Recipients>r</Recipients>", with: "<Recipients>r</Recipients><Recipients/>here")
    let error = #expect(throws: DocumentError.self) { try Trigger(reading: Array(text.utf8)) }
    #expect(
      try #require(error).diagnostics.map(\.code)
        == [.missingElement, .unknownElement, .invalidNumber, .emptyValue, .misplacedText])
    #expect(
      error?.diagnostics.map(\.path) == [
        "/n:Trigger/FileDescriptor", "/n:Trigger/FileDescriptor/x", "/n:Trigger/FileDescriptor/SizeInBytes",
        "/n:Trigger/FileDescriptor/Recipients[2]", "/n:Trigger/FileDescriptor",
      ])
  }

  @Test("another document than asked for is named")
  func anotherDocumentThanAskedForIsNamed() throws {
    let receipt = try TechnicalReceipt(fileTransferUUID: "1", outcome: .receipt(message: "SUCCESS")).xml()
    let error = #expect(throws: DocumentError.self) { try Trigger(reading: receipt) }
    #expect(error?.diagnostics.map(\.code) == [.otherDocument])
    #expect(codes(try Examples.trigger().xml()) == [])
    #expect(Document.inspect(try Examples.trigger().xml(), as: .metadata).diagnostics.map(\.code) == [.otherDocument])
  }

  @Test("a wrong check digit is a warning")
  func aWrongCheckDigitIsAWarning() throws {
    let info = try RoutingInfo(
      infRef: InfRef(unchecked: "X_1"), senderITSystem: SystemID(Examples.system),
      senderAuthority: CVRNumber("12345678"),
      transactionID: TransactionID(Examples.transaction), senderTimestamp: .now(),
      recipientAuthority: CVRNumber("10000017"))
    let inspection = Document.inspect(try Examples.trigger(.routing(info)).xml())
    #expect(inspection.document != nil)
    #expect(inspection.diagnostics.map(\.code) == [.cvrCheckDigit])
    #expect(inspection.diagnostics.map(\.severity) == [.warning])
  }

  @Test("every code is listed once")
  func everyCodeIsListedOnce() {
    #expect(Set(DiagnosticCode.all).count == DiagnosticCode.all.count)
  }
}
