import Foundation
import Testing
import TriggerFiles

/// Every finding is worded in English and in Danish, and neither text has words of the other language.
@Suite("findings in both languages") struct DanishFindingsTests {
  @Test("words every code that the library gives in both languages")
  func everyCode() throws {
    let findings = try Self.findings()
    let missing = Set(DiagnosticCode.all).subtracting(findings.map(\.code))
    #expect(missing.isEmpty, "no example: \(missing.map(\.rawValue).sorted())")
    for finding in findings {
      for text in [finding.found, finding.expected, finding.remedy] {
        #expect(!text.en.isEmpty && !text.da.isEmpty, "\(finding)")
        let shared = Self.shared(text)
        #expect(shared.isEmpty, "\(finding.code): \(shared) in “\(text.da)” and “\(text.en)”")
      }
      #expect(finding.remedy.da != finding.remedy.en, "\(finding)")
      #expect(!finding.line(in: .danish).contains("section"), "\(finding.line(in: .danish))")
      #expect(finding.line(in: .danish).contains(finding.severity == .error ? "fejl: " : "advarsel: "))
    }
  }

  @Test("words every rule about names on the wire in both languages")
  func wireNames() throws {
    let names: [[UInt8]] = [
      [], Array(String(repeating: "å", count: 200).utf8), [0xE6], Array("a/b".utf8), Array("a\u{7F}".utf8),
      Array("-a".utf8), Array(".a".utf8), Array("a.trigger".utf8),
    ]
    var rules: Set<WireNameError.Rule> = []
    for name in names {
      let error = try #require(throws: WireNameError.self) { try WireName(bytes: name) }
      rules.insert(error.rule)
      #expect(error.message.da != error.message.en && Self.shared(error.message).isEmpty, "\(error.message.da)")
    }
    #expect(rules == [.empty, .tooLong, .notUTF8, .forbiddenCharacter, .beginning, .suffix])
  }

  @Test("words a contradiction of municipalities in both languages")
  func municipalities() throws {
    let examples: [(route: String?, name: String, stated: String?)] = [
      (nil, "0101_0751.csv", nil), ("0101", "udtræk_0751.csv", nil), ("0101", "a.csv", "0751"), ("0101", "a.csv", "12"),
    ]
    for example in examples {
      let error = try #require(throws: MunicipalityContradiction.self) {
        try RouteMunicipalityRule(municipality: example.route).judge(
          local: example.name, wire: example.name, stated: example.stated)
      }
      for text in [error.message, error.remedy] {
        #expect(text.da != text.en && Self.shared(text).isEmpty, "\(text.da) / \(text.en)")
      }
    }
  }

  @Test("names the commonest faults of XML in Danish without libxml2's English")
  func malformed() throws {
    let texts = [
      "<a><b></a>", "<a>&x;</a>", "<a b='1' b='2'/>", "<p:a/>", "<a>]]></a>", "<a b='<'/>", "<a b/>", "<a b=c/>",
      "<a>&#0;</a>", "<a>\u{1}</a>", "<a/><!-- -- -->", "<a>& b</a>", "<a b='1'c='2'/>", "<1/>", "<a xmlns:b=''/>",
      "<?xml encoding='UTF-8'?><a/>", "<a><?xml version='1.0'?></a>",
    ]
    for text in texts {
      let found = try #require(Document.inspect(Array(text.utf8)).diagnostics.first).found
      #expect(!found.da.contains("libxml2") && !found.da.contains("“"), "\(text): \(found.da) / \(found.en)")
    }
  }

  /// The words of a text that are no names, numbers or quotations.
  private static func words(_ text: String) -> Set<String> {
    let ours = text.replacing(/„[^“]*“/, with: "").replacing(/“[^”]*”/, with: "")
    let words = ours.split { !$0.isLetter && !$0.isNumber && !"-_./:".contains($0) }.map(String.init)
    return Set(
      words.filter { word in
        word.count > 1 && word.allSatisfy { $0.isLetter && !$0.isUppercase }
      })
  }

  /// Words that both languages have.
  private static let common: Set<String> = [
    "element", "for", "trigger", "metadata", "med", "under", "byte", "data", "helpdesk", "xmllint", "not",
    "municipalities", "modulus", "per", "xmlns", "lt", "over", "form", "zone", "send",
  ]

  private static func shared(_ text: LocalizedText) -> Set<String> {
    guard text.da != text.en else { return [] }
    return words(text.da).intersection(words(text.en)).subtracting(common)
  }

  /// Findings with every code.
  private static func findings() throws -> [Diagnostic] {
    let big = String(repeating: "<a>", count: 100)
    let texts = [
      "hello", "<a", "<a/><b/>", "<a/>b", "<!DOCTYPE a><a/>", big, "<a/>\u{0}", "<a>&x;</a>", "<a><b/>", "",
      "<a \((0..<5000).map { "b\($0)=''" }.joined(separator: " "))/>",
      "<?xml version='1.0' encoding='EBCDIC'?><a/>", "<?xml version='1.0' encoding='UTF-16'?><a/>", "<a/>",
      "<Trigger/>", "<Trigger xmlns='urn:x'/>",
    ]
    let replaced = [
      ("<Sender>s</Sender>", ""), ("<Sender>s</Sender>", "<Sender>s</Sender><Sender>s</Sender>"),
      ("<Sender>s</Sender>", "<n:Sender>s</n:Sender>"), ("<Sender>s</Sender>", "<Sender xmlns='urn:x'>s</Sender>"),
      ("<Sender>s</Sender>", "<Sender>s</Sender><x/>"), ("<Sender>s</Sender>", "<Sender>s<x/></Sender>"),
      ("<Sender>s</Sender>", "<Sender/>"), ("<Sender>s</Sender>", "<Sender> </Sender>"),
      ("<Sender>s</Sender>", "<Sender>s</Sender>text"), ("<Sender>s</Sender>", "<Sender a=''>s</Sender>"),
      ("<Sender>s</Sender>", "<Sender>s</Sender><SendersFileId/>"),
      (
        "<FileName>a.xml</FileName>\n    <SizeInBytes>1</SizeInBytes>",
        "<SizeInBytes>1</SizeInBytes><FileName>a</FileName>"
      ),
      ("<FileName>a.xml</FileName>", "<FileName>\(String(repeating: "å", count: 256))</FileName>"),
      ("<SizeInBytes>1<", "<SizeInBytes>-1<"), ("<SizeInBytes>1<", "<SizeInBytes>1.0<"),
      ("<FileContentDescriptor>", "<FileContentDescriptor><x/>"),
      ("<FileContentDescriptor>", "<FileContentDescriptor><n:SFTPDynamicRoutingInfo/>"),
      (
        "<n:Trigger xmlns:n=",
        "<n:Trigger xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='a' xmlns:n="
      ),
    ]
    var findings = texts.flatMap { Document.inspect(Array($0.utf8)).diagnostics }
    findings += replaced.flatMap { Document.inspect(Array(trigger(replacing: $0, with: $1).utf8)).diagnostics }
    findings += Document.inspect([0x3C, 0x61, 0x3E, 0xE6]).diagnostics
    findings += Document.inspect(Array("<a/>".utf8), limits: ReadingLimits(maximumBytes: 3)).diagnostics
    findings += Document.inspect(try Examples.trigger().xml(), as: .metadata).diagnostics
    findings += try Self.samples()
    findings += try Self.routingFindings() + sendFindings() + builtFindings()
    return findings
  }

  /// The diagnostics of the samples in the repository.
  private static func samples() throws -> [Diagnostic] {
    try Repository.samples("invalid").flatMap { Document.inspect(try $0.bytes()).diagnostics }
  }

  /// Wrong values of a route.
  private static func routingFindings() throws -> [Diagnostic] {
    let good = String(decoding: try Examples.trigger().xml(), as: UTF8.self)
    let changes = [
      (Examples.transaction, Examples.transaction.uppercased()), (Examples.transaction, "x"),
      (Examples.transaction, " \(Examples.transaction)"), ("urn:oio:cvr-nr:10000009", "10000009"),
      ("urn:oio:cvr-nr:10000009", "urn:oio:cvr-nr:12345678"), ("2026-11-21T03:14:00Z", "2026-02-30T03:14:00Z"),
      ("</SFTPDynamicRoutingInfo>", "</SFTPDynamicRoutingInfo><x xmlns='urn:x'/>"),
      (
        "</SFTPDynamicRoutingInfo>",
        "<RouteParameterList><RouteParameter/></RouteParameterList></SFTPDynamicRoutingInfo>"
      ),
    ]
    return changes.flatMap { old, new in
      Document.inspect(Array(good.replacingOccurrences(of: old, with: new).utf8)).diagnostics
    }
  }

  /// The diagnostics that keep a trigger from being sent.
  private static func sendFindings() throws -> [Diagnostic] {
    let rules = SendRules(
      user: "flis", itSystem: .random(), classificationSystem: .random())
    var findings = rules.findings(for: try Examples.trigger(.routing(Examples.routing(recipient: nil))))
    findings += rules.findings(for: try Examples.trigger(.routing(Examples.routing(infRef: "SF7002"))))
    findings += rules.findings(for: try Examples.trigger(.empty))
    let foreign = try ForeignContent([ForeignElement(namespace: "urn:example", name: "Del")])
    findings += rules.findings(for: try Examples.trigger(.foreign(foreign)))
    let file = try Examples.file(name: "a.trigger", recipients: ["a", "b"])
    findings += rules.findings(
      for: Trigger(fileDescriptor: file, fileContentDescriptor: .routing(try Examples.routing())))
    let many = try Examples.file(recipients: (0..<40_000).map { "modtager-\($0)-\(String(repeating: "x", count: 20))" })
    return findings + rules.findings(for: Trigger(fileDescriptor: many, fileContentDescriptor: .empty))
  }

  /// Values that cannot be built.
  private static func builtFindings() throws -> [Diagnostic] {
    var findings: [Diagnostic] = []
    func expect(_ build: () throws -> Void) throws {
      findings += try #require(throws: DocumentError.self) { try build() }.diagnostics
    }
    try expect { _ = try ForeignElement(namespace: "urn:x", prefix: "", name: "1") }
    try expect { _ = try ForeignElement(namespace: nil, prefix: "p", name: "a") }
    try expect { _ = try ForeignContent([ForeignElement(namespace: nil, name: "a")]) }
    try expect { _ = try Examples.file(name: "a\u{1}b") }
    try expect { _ = try Examples.file(recipients: []) }
    return findings
  }
}
