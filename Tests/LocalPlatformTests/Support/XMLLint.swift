import FilsluseBase
import SystemPackage
import Testing

/// xmllint with the contract's schema: an independent validator of the platform's documents.
enum XMLLint {
  private static let schema = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()
    .removingLastComponent().appending("Samples/schema/trigger-files.xsd")

  static func expectValid(_ document: FilePath, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let report = await Program(
      arguments: ["xmllint", "--noout", "--nonet", "--schema", schema.string, document.string], timeout: .seconds(60)
    ).run()
    #expect(report.isSuccess, "\(report.summary)\n\(report.complaints.text)", sourceLocation: sourceLocation)
  }
}
