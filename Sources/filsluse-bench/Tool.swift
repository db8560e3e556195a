import Subprocess

/// A program that is run to its end, within half an hour.
enum Tool {
  static func run(
    _ name: String, _ arguments: [String], input: [String], environment: [String: String] = [:]
  ) async throws {
    // By `env`, so that `timeout` itself is spared what the environment asks for.
    let variables = environment.map { "\($0.key)=\($0.value)" }
    let result = try await Subprocess.run(
      .name("timeout"), arguments: Arguments(["1800", "env"] + variables + [name] + arguments),
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
