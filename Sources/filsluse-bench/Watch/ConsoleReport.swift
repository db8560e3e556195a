import FilsluseBase
import FoundationEssentials
import SystemPackage

/// Measures every sort of page of a watcher's console, and many requests at the same time.
struct ConsoleReport {
  /// The times of one page, from the start of the connection to the end of the answer.
  private struct Page {
    let path: String
    let milliseconds: [Double]
    let kilobytes: Int
  }

  /// The answers to many requests.
  private struct Load {
    let path: String
    let perSecond: Double
    let slowestMilliseconds: Double
    /// The answers that were not 200: the server was asked by too many.
    let refused: Int
  }

  private let pages: [Page]
  private let loads: [Load]
  /// The memory of the daemon before the first page and after the last.
  private let megabytes: [Int]

  private static let requests = 20
  private static let manyRequests = 2000
  private static let atATime = 32

  /// Measures the console of a daemon that watches a field in which every file is late.
  static func measure(_ field: WatchField, command: FilePath) async throws -> ConsoleReport {
    try await PageReport.withDaemon(of: field, command: command) { address in
      let settings = field.settings.removingLastComponent().appending("late.yaml")
      let before = try await memory(ofDaemonWith: settings)
      var pages: [Page] = []
      for path in try await paths(at: address) {
        Progress.show("asking for \(path)")
        pages.append(try await page(path, at: address))
      }
      var loads: [Load] = []
      for path in ["/healthz", "/alerts", "/"] {
        Progress.show("asking for \(path) many times")
        loads.append(try await load(path, at: address))
      }
      let after = try await memory(ofDaemonWith: settings)
      return ConsoleReport(pages: pages, loads: loads, megabytes: [before, after])
    }
  }

  /// The memory of the daemon with these settings that is in use, in MB.
  private static func memory(ofDaemonWith settings: FilePath) async throws -> Int {
    let search = """
      for process in /proc/[0-9]*; do
        if tr '\\0' ' ' <"$process/cmdline" | grep -q " watch --config $0 "; then grep VmRSS "$process/status"; fi
      done 2>/dev/null
      """
    let output = try await Tool.run(["/bin/sh", "-c", "\(search)\ntrue", settings.string])
    let kilobytes = output.split { !$0.isNumber }.compactMap { Int($0) }.first
    guard let kilobytes else { throw ToolError(description: "the daemon is not found among the processes") }
    return kilobytes / 1024
  }

  /// One path of each sort, found by the links on the first pages.
  private static func paths(at address: String) async throws -> [String] {
    var paths = ["/", "/wall", "/alerts", "/matrix?days=30", "/trends?days=90", "/silences", "/search"]
    let first = try await Tool.run(["curl", "-sf", "-m", "30", "\(address)/", "\(address)/alerts"])
    if let alert = first.firstMatch(of: /href="(\/alert\/[0-9]+)"/) { paths.append(String(alert.1)) }
    if let inbox = first.firstMatch(of: /href="(\/inbox\/[A-Za-z0-9%._~-]+)"/) {
      paths.append(String(inbox.1))
      let page = try await Tool.run(["curl", "-sf", "-m", "30", "\(address)\(inbox.1)"])
      if let file = page.firstMatch(of: /href="(\/file\/[0-9]+)"/) { paths.append(String(file.1)) }
    }
    return paths + ["/api/status.json", "/metrics"]
  }

  private static func page(_ path: String, at address: String) async throws -> Page {
    var milliseconds: [Double] = []
    var kilobytes = 0
    for _ in 0..<requests {
      let answers = try await ask(["\(address)\(path)"])
      guard let answer = answers.first, answer.status == 200 else {
        throw ToolError(description: "\(path) is not answered with 200")
      }
      milliseconds.append(answer.milliseconds)
      kilobytes = max(kilobytes, answer.bytes / 1000)
    }
    return Page(path: path, milliseconds: milliseconds, kilobytes: kilobytes)
  }

  private static func load(_ path: String, at address: String) async throws -> Load {
    let clock = ContinuousClock()
    let begun = clock.now
    let answers = try await ask(
      ["--parallel", "--parallel-max", "\(atATime)", "\(address)\(path)?n=[1-\(manyRequests)]"])
    let seconds = begun.duration(to: clock.now) / .seconds(1)
    return Load(
      path: path, perSecond: Double(answers.count) / seconds,
      slowestMilliseconds: answers.map(\.milliseconds).max() ?? 0, refused: answers.count { $0.status != 200 })
  }

  /// Asks by curl, and returns the status, the time and the size of each answer.
  private static func ask(
    _ arguments: [String]
  ) async throws -> [(status: Int, milliseconds: Double, bytes: Int)] {
    let form = "%{http_code} %{time_total} %{size_download}\\n"
    let output = try await Tool.run(["curl", "-s", "-m", "60", "-o", "/dev/null", "-w", form] + arguments)
    return try output.split(separator: "\n").map { line -> (status: Int, milliseconds: Double, bytes: Int) in
      let words = line.split(separator: " ")
      guard words.count == 3, let status = Int(words[0]), let seconds = Double(words[1]), let bytes = Int(words[2])
      else { throw ToolError(description: "curl measures nothing: \(line)") }
      return (status, seconds * 1000, bytes)
    }
  }

  /// The figures, and the goals beside them.
  var text: String {
    let pageLines = pages.map { page -> String in
      let median = BenchText.rounded(page.milliseconds.median, 1)
      let slowest = BenchText.rounded(page.milliseconds.max() ?? 0, 1)
      return "    \(page.path): \(median) ms, the slowest \(slowest) ms; \(page.kilobytes) kB"
    }
    let loadLines = loads.map { load -> String in
      let perSecond = BenchText.rounded(load.perSecond, 0)
      let slowest = BenchText.rounded(load.slowestMilliseconds, 1)
      return "    \(load.path): \(perSecond) a second, the slowest \(slowest) ms; \(load.refused) refused"
    }
    return """
        pages, \(Self.requests) requests each; goal under 50 ms and 200 kB
      \(pageLines.joined(separator: "\n"))
        \(Self.manyRequests) requests, \(Self.atATime) at a time
      \(loadLines.joined(separator: "\n"))
        memory of the daemon: \(megabytes[0]) MB before the first page, \(megabytes[1]) MB after all of them
      """
  }
}
