import FilsluseBase
import FoundationEssentials
import SystemPackage

/// Measures the status page of a daemon that knows very many files, all of them late.
struct PageReport {
  /// The first request after it was ready, and the later ones: until the first byte of the answer, connecting included.
  private let milliseconds: [Double]
  private let bytes: Int

  private static let patience = Duration.seconds(300)

  /// Runs `filsluse watch` until it has looked into everything, and requests its page repeatedly, a connection each.
  static func measure(_ field: WatchField, command: FilePath, requests: Int) async throws -> PageReport {
    try await withDaemon(of: field, command: command) { address in try await ask(address, requests: requests) }
  }

  /// Runs `filsluse watch` until it has looked into everything, and then while `body` lasts, which gets the address of
  /// its console.
  static func withDaemon<Value: Sendable>(
    of field: WatchField, command: FilePath, _ body: @escaping @Sendable (String) async throws -> Value
  ) async throws -> Value {
    let settings = try field.settingsWhereAllIsLate()
    let log = settings.removingLastComponent().appending("watch.log")
    try DocumentFiles.write([], log)
    return try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask {
        let report = await Program(
          arguments: [
            "/bin/sh", "-c", "exec \"$0\" watch --config \"$1\" --http 127.0.0.1:0 2>\"$2\"", command.string,
            settings.string, log.string,
          ], timeout: .seconds(1800)
        ).run()
        throw ToolError(description: "filsluse watch: \(report.summary): \(try text(of: log))")
      }
      group.addTask { try await body(try await addressOfDaemon(loggingTo: log)) }
      // The daemon is ended with its task.
      defer { group.cancelAll() }
      guard let value = try await group.next() ?? nil else { throw ToolError(description: "nothing was measured") }
      return value
    }
  }

  private static func text(of file: FilePath) throws -> String {
    String(decoding: try DocumentFiles.read(file), as: UTF8.self)
  }

  private static func addressOfDaemon(loggingTo log: FilePath) async throws -> String {
    let address = try await eventually("the address of the status page") {
      try text(of: log).firstMatch(of: /address=(127\.0\.0\.1:[0-9]+)/).map { "http://\($0.1)" }
    }
    _ = try await eventually("the first look") { try await get("\(address)/readyz").status == 200 ? true : nil }
    // What was asked for before the look is shown for a little while.
    try await Task.sleep(for: .seconds(3))
    return address
  }

  private static func ask(_ address: String, requests: Int) async throws -> PageReport {
    var milliseconds: [Double] = []
    var bytes = 0
    for _ in 0..<requests {
      // Far enough apart for the page to be rendered again for some of them.
      try await Task.sleep(for: .milliseconds(300))
      let answer = try await get("\(address)/")
      guard answer.status == 200 else { throw ToolError(description: "the page answers \(answer.status)") }
      milliseconds.append(answer.milliseconds)
      bytes = max(bytes, answer.bytes)
    }
    return PageReport(milliseconds: milliseconds, bytes: bytes)
  }

  private static func get(_ address: String) async throws -> (status: Int, milliseconds: Double, bytes: Int) {
    let output = try await Tool.run([
      "curl", "-s", "-m", "30", "-o", "/dev/null", "-w", "%{http_code} %{time_starttransfer} %{size_download}", address,
    ])
    let words = output.split(separator: " ")
    guard words.count == 3, let status = Int(words[0]), let seconds = Double(words[1]), let bytes = Int(words[2]) else {
      throw ToolError(description: "curl measures nothing at \(address)")
    }
    return (status, seconds * 1000, bytes)
  }

  private static func eventually<Value>(_ what: String, _ look: () async throws -> Value?) async throws -> Value {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
      if let value = try await look() { return value }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ToolError(description: "\(what) did not come within \(patience)")
  }

  /// The figures, and the goals beside them.
  var text: String {
    """
      status page
        first answer: \(BenchText.rounded(milliseconds[0], 1)) ms; later ones \
    \(BenchText.rounded(milliseconds.median, 1)) ms, the slowest \
    \(BenchText.rounded(milliseconds.dropFirst().max() ?? 0, 1)) ms; goal under 50 ms
        size: \(bytes / 1000) kB; goal under 200 kB
    """
  }
}
