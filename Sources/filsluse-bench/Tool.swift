import Subprocess

/// A program that is run to its end, within half an hour.
enum Tool {
  static func run(_ name: String, _ arguments: [String], input: [String]) async throws {
    let result = try await Subprocess.run(
      .name("timeout"), arguments: Arguments(["1800", name] + arguments),
      input: .string(input.joined(separator: "\n") + "\n"), output: .discarded, error: .string(limit: 1 << 20))
    guard result.terminationStatus.isSuccess else {
      throw ToolError(description: "\(name) failed (\(result.terminationStatus)): \(result.standardError)")
    }
  }
}

/// A program did not do its work.
struct ToolError: Error, CustomStringConvertible {
  let description: String
}
