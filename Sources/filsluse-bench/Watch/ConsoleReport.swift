import FilsluseBase
import FoundationEssentials
import SystemPackage

/// Measures every sort of page of a watcher's console, and many requests at the same time.
struct ConsoleReport {
  /// A page, and the form that is sent to it, if any.
  private struct Subject {
    let path: String
    var form: String?
  }

  /// The times of one page, from the start of the connection to the end of the answer.
  private struct Page {
    let subject: Subject
    let milliseconds: [Double]
    let bytes: Int
  }

  /// The answers to many requests.
  private struct Load {
    let path: String
    let perSecond: Double
    let slowestMilliseconds: Double
    /// The answers that were not 200: the server was asked by too many.
    let refused: Int
  }

  /// The daemon's memory in use, and the most that it ever had.
  private struct Memory {
    let megabytes: Int
    let mostMegabytes: Int
  }

  private let pages: [Page]
  private let loads: [Load]
  private let before: Memory
  private let afterPages: Memory
  private let afterLoads: Memory

  private static let requests = 20
  private static let manyRequests = 2000
  private static let atATime = 32

  /// Measures the console of a daemon that watches a field in which every file is late.
  static func measure(_ field: WatchField, command: FilePath) async throws -> ConsoleReport {
    try await PageReport.withDaemon(of: field, command: command) { address in
      let settings = field.settings.removingLastComponent().appending("late.yaml")
      let before = try await memory(ofDaemonWith: settings)
      var pages: [Page] = []
      for subject in try await subjects(at: address) {
        Progress.show("asking for \(subject.path)")
        pages.append(try await page(subject, at: address))
      }
      let afterPages = try await memory(ofDaemonWith: settings)
      var loads: [Load] = []
      for path in ["/healthz", "/alerts", "/"] {
        Progress.show("asking for \(path) many times")
        loads.append(try await load(path, at: address))
      }
      return ConsoleReport(
        pages: pages, loads: loads, before: before, afterPages: afterPages,
        afterLoads: try await memory(ofDaemonWith: settings))
    }
  }

  /// Reads the memory of the daemon with these settings.
  private static func memory(ofDaemonWith settings: FilePath) async throws -> Memory {
    let search = """
      for process in /proc/[0-9]*; do
        if tr '\\0' ' ' <"$process/cmdline" | grep -q " watch --config $0 "; then
          grep -E '^Vm(RSS|HWM):' "$process/status"
        fi
      done 2>/dev/null
      """
    let output = try await Tool.run(["/bin/sh", "-c", "\(search)\ntrue", settings.string])
    guard let now = output.firstMatch(of: /VmRSS:\s*([0-9]+)/).flatMap({ Int($0.1) }),
      let most = output.firstMatch(of: /VmHWM:\s*([0-9]+)/).flatMap({ Int($0.1) })
    else { throw ToolError(description: "the daemon is not found among the processes") }
    return Memory(megabytes: now / 1024, mostMegabytes: most / 1024)
  }

  /// One page of each sort, found by the links on the first pages, and a search through all names of files.
  private static func subjects(at address: String) async throws -> [Subject] {
    var paths = ["/", "/wall", "/alerts", "/matrix?days=30", "/trends?days=90", "/silences"]
    let first = try await Tool.run(["curl", "-sf", "-m", "30", "\(address)/", "\(address)/alerts"])
    let municipality = first.firstMatch(of: /href="((\/municipality\/[0-9]{4})\/[0-9-]{10})"/)
    guard let alert = first.firstMatch(of: /href="(\/alert\/[0-9]+)"/), let municipality,
      let inbox = first.firstMatch(of: /href="(\/inbox\/[A-Za-z0-9%._~-]+)"/)
    else { throw ToolError(description: "the first screen leads to no alert, inbox or municipality") }
    let page = try await Tool.run(["curl", "-sf", "-m", "30", "\(address)\(inbox.1)"])
    guard let file = page.firstMatch(of: /href="(\/file\/[0-9]+)"/) else {
      throw ToolError(description: "the page of an inbox leads to no file")
    }
    paths += [alert.1, inbox.1, file.1, municipality.2, municipality.1].map { String($0) }
    paths += ["\(inbox.1)?waiting=2", "/api/status.json", "/metrics"]
    return paths.map { Subject(path: $0) }
      + ["_499_", "findes+ikke"].map { Subject(path: "/search", form: "text=\($0)") }
  }

  private static func page(_ subject: Subject, at address: String) async throws -> Page {
    var milliseconds: [Double] = []
    var bytes = 0
    let form = subject.form.map { ["--header", "Origin: \(address)", "--data", $0] } ?? []
    for number in 0..<requests {
      // What was read is shown for a second: every fifth request has it read again.
      if number.isMultiple(of: 5) { try await Task.sleep(for: .milliseconds(1100)) }
      let answers = try await ask(form + ["\(address)\(subject.path)"])
      guard let answer = answers.first, answer.status == 200 else {
        throw ToolError(description: "\(subject.path) is not answered with 200")
      }
      milliseconds.append(answer.milliseconds)
      bytes = max(bytes, answer.bytes)
    }
    return Page(subject: subject, milliseconds: milliseconds, bytes: bytes)
  }

  private static func load(_ path: String, at address: String) async throws -> Load {
    let clock = ContinuousClock()
    let begun = clock.now
    // curl asks once for each number; what follows the # is not sent.
    let answers = try await ask(
      ["--parallel", "--parallel-max", "\(atATime)", "\(address)\(path)#[1-\(manyRequests)]"])
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
      let kilobytes = BenchText.rounded(Double(page.bytes) / 1000, 1)
      let form = page.subject.form.map { " (POST, \($0))" } ?? ""
      let isBeyond = (page.milliseconds.max() ?? 0) >= 50 || page.bytes >= 200_000
      return "    \(page.subject.path)\(form): \(median) ms, the slowest \(slowest) ms; \(kilobytes) kB"
        + (isBeyond ? "; BEYOND A GOAL" : "")
    }
    let loadLines = loads.map { load -> String in
      let perSecond = BenchText.rounded(load.perSecond, 0)
      let slowest = BenchText.rounded(load.slowestMilliseconds, 1)
      return "    \(load.path): \(perSecond) a second, the slowest \(slowest) ms; \(load.refused) refused"
    }
    return """
        pages, \(Self.requests) requests each; a fifth of them after a pause; goal for each under 50 ms and 200 kB
      \(pageLines.joined(separator: "\n"))
        \(Self.manyRequests) requests, \(Self.atATime) at a time
      \(loadLines.joined(separator: "\n"))
        memory of the daemon: \(before.megabytes) MB before the first page, \(afterPages.megabytes) MB after all of \
      them, \(afterLoads.megabytes) MB after the loads; goal at most 20 MB more
        the most that it ever had: \(before.mostMegabytes) MB before the first page, \(afterLoads.mostMegabytes) MB at \
      the end
      """
  }
}
