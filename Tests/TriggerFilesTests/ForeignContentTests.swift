import Foundation
import Testing
import TriggerFiles

/// Content outside the contract keeps its meaning through reading and writing.
@Suite struct ForeignContentTests {
  private func content(_ xml: String, root: String = "") -> String {
    trigger(replacing: "<FileContentDescriptor>", with: "<FileContentDescriptor>\(xml)")
      .replacingOccurrences(of: "<n:Trigger ", with: "<n:Trigger \(root) ")
  }

  private func elements(_ text: String) throws -> [ForeignElement] {
    guard case .foreign(let content) = try Trigger(reading: Array(text.utf8)).fileContentDescriptor else { return [] }
    return content.elements
  }

  @Test("names attributes text and order are kept")
  func namesAttributesTextAndOrderAreKept() throws {
    let text = content(
      "<x:a xmlns:x='urn:x' x:p='1' q='&lt;&quot;&#10;&#9;'> t<b xmlns='urn:y'><c xmlns=''/></b>u<x:b/><!-- c --> &amp; </x:a>"
    )
    let element = try #require(try elements(text).first)
    #expect(element.namespace == "urn:x")
    #expect(element.attributes.map(\.value) == ["1", "<\"\n\t"])
    #expect(element.attributes.map(\.namespace) == ["urn:x", nil])
    #expect(element.text == " tu & ")
    guard case .element(let second) = element.content[1], case .element(let inner) = second.content[0] else {
      return #expect(Bool(false), "no element")
    }
    #expect(second.namespace == "urn:y")
    #expect(inner.namespace == nil)
    let trigger = try Trigger(reading: Array(text.utf8))
    #expect(try Trigger(reading: trigger.xml()) == trigger)
  }

  @Test("keeps the prefixes that outer elements declare and values use")
  func prefixesFromAroundThatValuesUseAreKept() throws {
    let text = content(
      "<x:a xsi:type='y:T'>z:v</x:a>",
      root: """
        xmlns:x='urn:x' xmlns:y='urn:y' xmlns:z='urn:z' xmlns:unused='urn:u' \
        xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
        """)
    let element = try #require(try elements(text).first)
    #expect(element.declarations.map(\.prefix) == ["x", "xsi", "y", "z"])
    let trigger = try Trigger(reading: Array(text.utf8))
    #expect(try Trigger(reading: trigger.xml()) == trigger)
  }

  @Test("prefixes that clash with the writer's are kept apart")
  func prefixesThatClashWithTheWritersAreKeptApart() throws {
    let text = content("<ns2:a xmlns:ns2='urn:mine' ns2:b='1'><n:c/></ns2:a>")
    let trigger = try Trigger(reading: Array(text.utf8))
    #expect(try Trigger(reading: trigger.xml()) == trigger)
    #expect(try elements(String(decoding: trigger.xml(), as: UTF8.self)).first?.namespace == "urn:mine")
  }

  @Test("elements built in code get their prefixes")
  func elementsBuiltInCodeGetTheirPrefixes() async throws {
    let inner = try ForeignElement(namespace: nil, name: "plain", content: [.text("x")])
    let outer = try ForeignElement(
      namespace: "urn:x", name: "a",
      attributes: [
        .init(namespace: "urn:y", name: "b", value: "1"), .init(namespace: "urn:x", prefix: "p", name: "b", value: "2"),
        .init(namespace: "urn:z", prefix: "p", name: "b", value: "3"),
        .init(namespace: "http://www.w3.org/XML/1998/namespace", prefix: "xml", name: "lang", value: "da"),
      ], content: [.element(inner)])
    let xml = try Examples.trigger(.foreign(ForeignContent([outer]))).xml()
    #expect(try await XMLLint.isValid(xml))
    let read = try #require(try elements(String(decoding: xml, as: UTF8.self)).first)
    #expect(read.attributes.map(\.namespace) == outer.attributes.map(\.namespace))
    #expect(read.attributes.map(\.value) == ["1", "2", "3", "da"])
    guard case .element(let plain) = read.content.first else { return #expect(Bool(false), "no element") }
    #expect(plain.namespace == nil)
    #expect(plain.text == "x")
  }

  @Test("route parameters hold one element of any kind")
  func routeParametersHoldOneElementOfAnyKind() throws {
    func list(_ parameters: String) throws -> String {
      let text = String(decoding: try Examples.trigger().xml(), as: UTF8.self)
      return text.replacingOccurrences(
        of: "</RecipientAuthority>",
        with: "</RecipientAuthority><RouteParameterList>\(parameters)</RouteParameterList>")
    }
    let good = try list(
      """
      <RouteParameter><ns2:RouteSelectionValueDate> 2026-12-01+01:00 </ns2:RouteSelectionValueDate></RouteParameter>
      <RouteParameter><x/></RouteParameter><RouteParameter><ns2:Other/></RouteParameter>
      """)
    let parameters = try Trigger(reading: Array(good.utf8)).fileContentDescriptor.routingInfo?.routeParameters
    #expect(parameters?.count == 3)
    #expect(parameters?.first == .routeSelectionValueDate(try XMLDate("2026-12-01+01:00")))
    #expect(codes(try list("")) == [.emptyOptional])
    #expect(codes(try list("<RouteParameter/>")) == [.missingElement])
    #expect(codes(try list("<RouteParameter><a/><b/></RouteParameter>")) == [.doubledElement])
    #expect(codes(try list("<RouteParameter>x<a/></RouteParameter>")) == [.misplacedText])
    #expect(codes(try list("<RouteParameter><ns2:RouteSelectionValueDate/></RouteParameter>")) == [.invalidDate])
  }
}
