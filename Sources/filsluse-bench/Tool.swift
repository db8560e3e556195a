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

  /// Runs a program without its output, and returns the time and the peak memory it took, by the system's account of
  /// the process. A small process starts it: that account begins with the memory of the parent at the fork.
  ///
  /// - Parameters:
  ///   - input: the lines on its standard input, which the small process leaves to it.
  ///   - endings: the exit statuses that count as done.
  static func use(
    of arguments: [String], input: [String] = [], endings: Set<Int> = [0]
  ) async throws -> (seconds: Double, kilobytes: Int) {
    let starter = """
      import resource, subprocess, sys, time
      start = time.perf_counter()
      status = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL).returncode
      seconds = time.perf_counter() - start
      if str(status) not in sys.argv[1].split(","): sys.exit(f"exit status {status}")
      print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """
    let accepted = endings.map(String.init).joined(separator: ",")
    let output = try await run([python, "-c", starter, accepted] + arguments, input: input)
    let numbers = output.split(whereSeparator: \.isWhitespace)
    guard numbers.count == 2, let seconds = Double(numbers[0]), let kilobytes = Int(numbers[1]) else {
      throw ToolError(description: "time and memory are not known: \(output)")
    }
    return (seconds, kilobytes)
  }

  /// Python's interpreter; FILSLUSE_PYTHON names another one than the first on the path.
  static var python: String { ProcessInfo.processInfo.environment["FILSLUSE_PYTHON"] ?? "python3" }
}

/// A program with its arguments, and the lines on its standard input.
struct ToolCall: Sendable {
  let arguments: [String]
  var input: [String] = []
}

/// A program did not do its work.
struct ToolError: Error, CustomStringConvertible {
  let description: String
}
