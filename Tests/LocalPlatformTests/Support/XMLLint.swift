import Subprocess
import SystemPackage
import Testing

/// xmllint and the contract's schema: another reader than ours judges what our platform writes.
enum XMLLint {
  private static let schema = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()
    .removingLastComponent().appending("Samples/schema/trigger-files.xsd")

  static func expectValid(_ document: FilePath, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let result = try await Subprocess.run(
      .name("timeout"),
      arguments: ["30", "xmllint", "--noout", "--nonet", "--schema", schema.string, document.string],
      output: .discarded, error: .string(limit: 65_536))
    #expect(result.terminationStatus.isSuccess, "\(result.standardError)", sourceLocation: sourceLocation)
  }
}
