import Testing

@testable import FilsluseHTTP

/// Forms, queries and parts of paths, as browsers send them and as nobody should.
@Suite struct FormFieldsTests {
  private static func form(_ body: String, repeatable: Set<String> = []) -> FormFields? {
    var request = HTTPRequest.post("/", body: body)
    request.headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
    return FormFields(request, repeatable: repeatable)
  }

  @Test("reads blanks, letters beyond ASCII and empty values")
  func fields() throws {
    let form = try #require(Self.form("by=J%C3%B8rgen+B.&why=&a%3Db=1%2B1&alone"))
    #expect(form["by"] == "Jørgen B." && form["why"] == "" && form["a=b"] == "1+1" && form["alone"] == "")
    #expect(form["nothing"] == nil && form.all("nothing").isEmpty)
  }

  @Test("takes a field twice only where it may come twice")
  func repeated() {
    #expect(Self.form("alert=1&alert=2") == nil)
    #expect(Self.form("alert=1&alert=2", repeatable: ["alert"])?.all("alert") == ["1", "2"])
    #expect(Self.form("alert=1&by=a&by=b", repeatable: ["alert"]) == nil)
    #expect(FormFields(query: "page=1&page=2") == nil)
    #expect(FormFields(query: "page=2&severity=critical")?["severity"] == "critical")
    #expect(FormFields(query: "") != nil)
  }

  @Test(
    "refuses escapes that are cut off, that are no digits, and bytes that are no UTF-8",
    arguments: ["%", "a=%4", "a=%zz", "a=%C3", "%FF=1", "a=%C0%80", "a=%ED%A0%80"])
  func malformed(text: String) {
    #expect(Self.form(text) == nil && FormFields(query: text) == nil)
  }

  @Test("a body that is not declared as a form is none")
  func type() {
    var request = HTTPRequest.post("/", body: "a=1")
    #expect(FormFields(request) == nil)
    request.headers["content-type"] = "text/plain"
    #expect(FormFields(request) == nil)
  }

  @Test(
    "a name comes back from an address unchanged",
    arguments: ["fakturahåndtering", "a/b?c#d%20", "..", " ", "+", "\u{1F6A2}", "\u{0}\n"])
  func path(name: String) {
    let encoded = PercentEncoding.encoded(name)
    #expect(encoded.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !encoded.contains("/"))
    #expect(PercentEncoding.decoded(encoded) == name)
  }

  @Test("a plus in a path is a plus")
  func plus() {
    #expect(PercentEncoding.decoded("a+b") == "a+b" && PercentEncoding.decoded("%2") == nil)
  }
}

extension HTTPRequest {
  fileprivate static func post(_ path: String, body: String) -> Self {
    HTTPRequest(method: .post, path: path, body: Array(body.utf8))
  }
}
