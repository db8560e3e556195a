import SystemPackage
import Testing
import TriggerFiles

/// Every document in Samples/documents is read as its folder and name say.
@Suite struct SampleTests {
  @Test("a good sample is read and survives writing", arguments: try Repository.samples("valid"))
  func aGoodSampleIsReadAndSurvivesWriting(sample: Sample) throws {
    let inspection = Document.inspect(try sample.bytes())
    #expect(inspection.diagnostics == [])
    let document = try #require(inspection.document)
    #expect(try Document(reading: document.xml()) == document)
  }

  /// `trigger.missing-element.more-words.xml` has findings of one kind, `missing-element`.
  @Test("a bad sample has exactly the fault in its name", arguments: try Repository.samples("invalid"))
  func aBadSampleHasExactlyTheFaultInItsName(sample: Sample) throws {
    let words = sample.name.split(separator: ".").map(String.init)
    let code = DiagnosticCode(rawValue: words[0] == "unknown-root" ? words[0] : words[1])
    #expect(DiagnosticCode.all.contains(code))
    #expect(Set(codes(try sample.bytes())) == [code])
  }

  /// `trigger.unfit-route.more-words.xml` is right by the schema, and kept from being sent by a finding `unfit-route`.
  @Test("reports that a correct document could not be sent", arguments: try Repository.samples("unsendable"))
  func aRightSampleThatCannotBeSent(sample: Sample) throws {
    let code = DiagnosticCode(rawValue: String(sample.name.split(separator: ".")[1]))
    let report = Document.inspect(try sample.bytes(), sending: SendRules())
    #expect(report.isValid && report.inspection.diagnostics == [])
    #expect(report.canBeSent == false)
    #expect(report.sending.map(\.code) == [code])
  }

  @Test("the schema agrees with the samples")
  func theSchemaAgreesWithTheSamples() async throws {
    let good = try Repository.samples("valid")
    let bad = try Repository.samples("invalid")
    let folder = try #require(good.first).path.removingLastComponents(1)
    #expect(
      try await XMLLint.valid(in: folder, good.map(\.name))
        // The older form of metadata is Seen, and not in the schema.
        == Set(good.map(\.name)).subtracting(["metadata-older-root.xml"]))
    let unsendable = try Repository.samples("unsendable")
    #expect(
      try await XMLLint.valid(in: folder.removingLastComponents(1).appending("unsendable"), unsendable.map(\.name))
        == Set(unsendable.map(\.name)))
    #expect(
      try await XMLLint.valid(in: folder.removingLastComponents(1).appending("invalid"), bad.map(\.name))
        // No schema can forbid a DTD.
        == ["trigger.document-type.xml"])
  }
}
