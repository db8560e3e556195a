import Foundation
import Testing
import TriggerFiles

/// Documents in forms that this library never writes.
@Suite struct HandWrittenTests {
  private let namespace = "http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types"

  @Test("any prefix will do", arguments: ["", "n:", "æøå:", "_:"])
  func anyPrefixWillDo(prefix: String) throws {
    let declaration = prefix.isEmpty ? "xmlns" : "xmlns:\(prefix.dropLast())"
    let inner = prefix.isEmpty ? " xmlns=''" : ""
    let text = """
      <\(prefix)BusinessResponse \(declaration)="\(namespace)"
      ><ResponseMessage\(inner)>ja</ResponseMessage></\(prefix)BusinessResponse >
      """
    #expect(try BusinessResponse(reading: Array(text.utf8)) == BusinessResponse(.message("ja")))
  }

  @Test("a default namespace on the root needs to be taken off its children")
  func aDefaultNamespaceOnTheRootNeedsToBeTakenOffItsChildren() {
    let text = "<BusinessResponse xmlns='\(namespace)'><ResponseMessage>ja</ResponseMessage></BusinessResponse>"
    #expect(codes(text) == [.qualifiedElement])
  }

  @Test("comments instructions sections and references are read")
  func commentsInstructionsSectionsAndReferencesAreRead() throws {
    let text = trigger(
      replacing: "<Sender>s</Sender>",
      with: "<!-- x --><Sender><!-- a -->f<![CDATA[k-<]]>&amp;&#107;<?pi?>&#x6C;&lt;a&#xE5;</Sender ><?pi y?>")
    #expect(try Trigger(reading: Array(text.utf8)).fileDescriptor.sender == "fk-<&kl<aå")
  }

  @Test("passes over xsi: attributes on the root with a warning, and refuses xsi:type elsewhere")
  func schemaAttributesOnTheRoot() throws {
    let text = trigger(
      replacing: "<n:Trigger ",
      with: """
        <n:Trigger xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='\(namespace) x.xsd' 
        """)
    #expect(codes(text) == [.schemaAttribute])
    #expect(try Trigger(reading: Array(text.utf8)).fileDescriptor.sender == "s")
    let typed = text.replacingOccurrences(of: "<Sender>", with: "<Sender xsi:type='x'>")
    #expect(codes(typed) == [.schemaAttribute, .unknownAttribute])
    for attribute in ["xsi:type='n:TriggerType'", "xsi:noNamespaceSchemaLocation='x.xsd'", "xsi:nil='false'"] {
      let other = text.replacingOccurrences(of: "xsi:schemaLocation='\(namespace) x.xsd'", with: attribute)
      #expect(codes(other) == [.schemaAttribute], "\(attribute)")
    }
    // The prefix alone says nothing, and an attribute without it is one of the contract's, which has none.
    let stranger = text.replacingOccurrences(of: "http://www.w3.org/2001/XMLSchema-instance", with: "urn:x")
    #expect(codes(stranger) == [.unknownAttribute])
    #expect(codes(trigger(replacing: "<n:Trigger ", with: "<n:Trigger type='x' ")) == [.unknownAttribute])
  }

  @Test("numbers keep the rules of XML schema")
  func numbersKeepTheRulesOfXMLSchema() throws {
    for (text, size) in [
      (" \n1\t", UInt64(1)), ("+0017", 17), ("-0", 0), ("18446744073709551615", .max),
      (String(repeating: "0", count: 300) + "5", 5),
    ] {
      let document = trigger(replacing: ">1<", with: ">\(text)<")
      #expect(try Trigger(reading: Array(document.utf8)).fileDescriptor.sizeInBytes == size)
    }
    for (text, code) in [("-2147483648", Int32.min), ("+2147483647", .max), (" -007 ", -7)] {
      let document = """
        <n:BusinessResponse xmlns:n='\(namespace)'><ErrorMessage><ErrorCode>\(text)</ErrorCode
        ><ErrorCodeDescription/><ErrorDescription/></ErrorMessage></n:BusinessResponse>
        """
      let error = try ReceiptError(code: code, codeDescription: "", description: "")
      #expect(try BusinessResponse(reading: Array(document.utf8)).content == .errors([error]))
    }
    for text in ["2147483648", "-2147483649", "1e3", "", "+", "--1", "1_000"] {
      let document = """
        <n:BusinessResponse xmlns:n='\(namespace)'><ErrorMessage><ErrorCode>\(text)</ErrorCode
        ><ErrorCodeDescription/><ErrorDescription/></ErrorMessage></n:BusinessResponse>
        """
      #expect(codes(document) == [.invalidNumber])
    }
  }

  @Test("metadata with a trigger's root is metadata")
  func metadataWithATriggersRootIsMetadata() throws {
    let text = trigger(replacing: "<FileDescriptor>", with: "<FileTransferUUID>7</FileTransferUUID><FileDescriptor>")
    guard case .metadata(let metadata) = try Document(reading: Array(text.utf8)) else {
      return #expect(Bool(false), "no metadata")
    }
    #expect(metadata.fileTransferUUID == "7")
    #expect(metadata.root == .trigger)
    #expect(Document.inspect(Array(text.utf8), as: .trigger).diagnostics.map(\.code) == [.otherDocument])
  }
}
