import Foundation
import Testing
import TriggerFiles

@Suite(.timeLimit(.minutes(25))) struct HostileInputTests {
  private let root = "<n:Trigger xmlns:n='http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types'>"

  @Test("more than the limit is not looked at")
  func moreThanTheLimitIsNotLookedAt() {
    let input = [UInt8](repeating: UInt8(ascii: "<"), count: (1 << 20) + 1)
    #expect(codes(input) == [.tooLarge])
    #expect(
      Document.inspect(Array("<a/>".utf8), limits: ReadingLimits(maximumBytes: 3)).diagnostics.map(\.code) == [
        .tooLarge
      ])
  }

  @Test("a million open tags end at the limit of depth")
  func aMillionOpenTagsEndAtTheLimitOfDepth() {
    let input = String(repeating: "<a>", count: 349_000)
    #expect(codes(input) == [.tooDeep])
    let diagnostics = Document.inspect(Array(input.utf8)).diagnostics
    #expect(diagnostics.first?.position == SourcePosition(line: 1, column: 64 * 3 + 1))
  }

  @Test("sixty four is deep enough and sixty five is not")
  func sixtyFourIsDeepEnoughAndSixtyFiveIsNot() {
    func nested(_ depth: Int) -> String {
      // The root and FileContentDescriptor are two of them.
      let inside = String(repeating: "<x:e xmlns:x='urn:x'>", count: depth - 2)
      let ends = String(repeating: "</x:e>", count: depth - 2)
      return trigger(replacing: "<FileContentDescriptor>", with: "<FileContentDescriptor>\(inside)\(ends)")
    }
    #expect(codes(nested(64)) == [])
    #expect(codes(nested(65)) == [.tooDeep])
  }

  @Test("many elements attributes namespaces and long names end early")
  func manyElementsAttributesNamespacesAndLongNamesEndEarly() {
    #expect(codes(root + String(repeating: "<a/>", count: 260_000)) == [.tooComplex])
    #expect(codes("<a" + (0..<90_000).map { " a\($0)=''" }.joined() + "/>") == [.tooComplex])
    #expect(codes("<a" + (0..<50_000).map { " xmlns:a\($0)='u'" }.joined() + "/>") == [.tooComplex])
    #expect(codes("<" + String(repeating: "a", count: 40_000) + "/>") == [.tooComplex])
    #expect(codes("<a xmlns='" + String(repeating: "a", count: 900_000) + "'/>") == [.tooComplex])
    let nested = (0..<60).map { level in "<a" + (0..<200).map { " xmlns:n\(level)x\($0)='u'" }.joined() + ">" }
    #expect(codes(nested.joined()) == [.tooComplex])
  }

  @Test("a document survives reading and writing")
  func whatIsReadCanBeReadAgainAfterWriting() throws {
    let recipients = String(repeating: "<Recipients>a</Recipients>", count: 19_000)
    let document = try Document(
      reading: Array(trigger(replacing: "<Recipients>", with: recipients + "<Recipients>").utf8))
    #expect(try Document(reading: document.xml()) == document)
  }

  @Test("a tag full of attributes behind a fault is not reached")
  func aTagFullOfAttributesBehindAFaultIsNotReached() {
    let crowd = "<a" + (0..<90_000).map { " a\($0)=''" }.joined() + "/>"
    // It does not matter which of the two faults is reported, but the second must cost no time.
    #expect([[.notXML], [.tooComplex]].contains(codes("<r a='<'>" + crowd)))
    #expect(codes("<r><!-- -- ' -->" + crowd) == [.notXML])
    #expect(codes("<r><![CDATA[<a b='" + "]]>" + crowd) == [.tooComplex])
  }

  @Test("a fault in every element gives a hundred findings")
  func aFaultInEveryElementGivesAHundredFindings() {
    let input = root + String(repeating: "<a/>", count: 19_000) + "</n:Trigger>"
    let diagnostics = Document.inspect(Array(input.utf8)).diagnostics
    #expect(diagnostics.count == 100)
    #expect(diagnostics.allSatisfy { $0.description.utf8.count < 1000 })
  }

  @Test("entities are not expanded and no file is opened")
  func entitiesAreNotExpandedAndNoFileIsOpened() {
    let bomb = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><a>&b;</a>"
    #expect(codes(bomb) == [.documentType])
    #expect(codes("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>") == [.documentType])
    #expect(codes("<!DOCTYPE a PUBLIC '-//X//Y' 'http://192.0.2.1/x.dtd'><a/>") == [.documentType])
    #expect(codes("<?xml-stylesheet href='http://192.0.2.1/x.xsl'?><a/>") == [.unknownRoot])
    #expect(
      codes("<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd'/></a>") == [.unknownRoot])
  }

  @Test("many readers at once do not disturb each other")
  func manyReadersAtOnceDoNotDisturbEachOther() async throws {
    let inputs =
      try Repository.samples("valid").map { try $0.bytes() } + Repository.samples("invalid").map { try $0.bytes() }
    let expected = inputs.map { Document.inspect($0) }
    await withTaskGroup(of: Bool.self) { group in
      for start in 0..<8 {
        group.addTask {
          (0..<400).allSatisfy { step in
            let index = (start * 5 + step) % inputs.count
            return Document.inspect(inputs[index]) == expected[index]
          }
        }
      }
      for await isSame in group { #expect(isSame) }
    }
  }

  @Test("every prefix of a document is refused")
  func everyPrefixOfADocumentIsRefused() throws {
    let whole = try Examples.trigger().xml()
    let end = try #require(whole.lastIndex(of: UInt8(ascii: ">")))
    for count in 0...end {
      let found = codes(Array(whole[..<count]))
      let isInsideALetter = count > 0 && whole[count - 1] == 0xC3
      let expected = count == 0 ? DiagnosticCode.notXML : isInsideALetter ? .encodingInvalid : .cutShort
      #expect(found == [expected], "\(count): \(found)")
    }
  }

  @Test("every byte replaced by one that is not UTF 8 is refused")
  func everyByteReplacedByOneThatIsNotUTF8IsRefused() throws {
    let whole = try Examples.trigger().xml()
    for index in whole.indices {
      var broken = whole
      broken[index] = 0xFF
      let found = codes(broken)
      // Inside the declared encoding's name it is that name which is not known.
      let isInName = (30..<35).contains(index)
      #expect(found == [isInName ? .encodingUnknown : .encodingInvalid], "\(index): \(found)")
    }
  }
}
