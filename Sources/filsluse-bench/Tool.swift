import FilsluseBase
import FoundationEssentials

/// A program that is run to its end, within half an hour.
enum Tool {
  /// Runs a program and returns its output.
  @discardableResult
  static func run(
    _ arguments: [String], input: [String] = [], environment: [String: String] = [:]
  ) async throws -> String {
    let report = await Program(
      arguments: arguments, environment: environment, input: Array(input.map { "\($0)\n" }.joined().utf8),
      timeout: .seconds(1800), keptOutput: 1 << 20, keptComplaints: 64 << 10
    ).run()
    guard report.isSuccess else {
      throw ToolError(description: "\(arguments.first ?? ""): \(report.summary)\n\(report.complaints.text)")
    }
    return report.output.text
  }

  /// Runs a program whose output goes to /dev/null, so that reading it takes no time.
  static func runSilently(_ arguments: [String], input: [String] = []) async throws {
    try await run(["/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/null"] + arguments, input: input)
  }

  /// Python's interpreter; FILSLUSE_PYTHON names another one than the first on the path.
  static var python: String { ProcessInfo.processInfo.environment["FILSLUSE_PYTHON"] ?? "python3" }
}

/// A program did not do its work.
struct ToolError: Error, CustomStringConvertible {
  let description: String
}
