import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseBase

/// The user's own programs, run for real.
@Suite struct ProgramTests {
  /// Runs a shell script; the shell is the program here, and no other one stands between it and us.
  private func run(
    _ script: String, arguments: [String] = [], _ adjust: (inout Program) -> Void = { _ in }
  ) async throws -> ProgramReport {
    try await withScratchFolder { folder in
      let file = folder.appending("program")
      try Data((script + "\n").utf8).write(to: URL(filePath: file.string))
      var program = Program(arguments: ["/bin/sh", file.string] + arguments, timeout: .seconds(120))
      adjust(&program)
      return await program.run()
    }
  }

  private func text(_ output: BoundedOutput) -> String { output.text }

  @Test("arguments are not read by a shell")
  func argumentsAreNotReadByAShell() async throws {
    let report = try await run(#"printf '%s\n' "$@""#, arguments: ["a b", "$HOME; rm *", "æøå\"'", ""])
    #expect(report.isSuccess)
    #expect(text(report.output) == "a b\n$HOME; rm *\næøå\"'\n\n")
  }

  @Test("environment is added to and withheld from")
  func environmentIsAddedToAndWithheldFrom() async throws {
    let report = try await run("echo \"$FILSLUSE_X|${HOME:+home}|${PATH:+path}\"") {
      $0.environment = ["FILSLUSE_X": "ø=1"]
      $0.withheld = ["HOME"]
    }
    #expect(text(report.output) == "ø=1||path\n")
  }

  @Test("input of any size comes whole", arguments: [0, 1, 5_000_000]) func inputOfAnySizeComesWhole(count: Int)
    async throws
  {
    let report = try await run("wc -c; wc -c < /dev/stdin") {
      $0.input = [UInt8](repeating: UInt8(ascii: "x"), count: count)
    }
    #expect(report.isSuccess)
    #expect(text(report.output).split(whereSeparator: \.isWhitespace).first == "\(count)")
  }

  @Test("input that a program does not read is no error")
  func inputThatNobodyReadsHarmsNobody() async throws {
    let report = try await run("exec true") { $0.input = [UInt8](repeating: 0, count: 1 << 20) }
    #expect(report.end == .exited(0))
  }

  @Test("reports the status to the service manager", arguments: [0, 1, 75, 255]) func theStatusIsReported(status: Int32)
    async throws
  {
    let report = try await run("echo first >&2; echo 'cannot open 010190-1234.csv' >&2; echo >&2; exit \(status)")
    #expect(report.end == .exited(status) && report.isSuccess == (status == 0))
    #expect(report.complaints.lastLine == "cannot open ******-****.csv")
    if status != 0 { #expect(report.summary == "it ended with status \(status): cannot open ******-****.csv") }
  }

  @Test("reports the signal that ended a program")
  func aSignalIsReported() async throws {
    let report = try await run("kill -SEGV $$; sleep 60")
    #expect(report.end == .signalled(SIGSEGV))
  }

  @Test("much output is read and forgotten")
  func muchOutputIsReadAndForgotten() async throws {
    let report = try await run("head -c 3000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero >&2; echo end >&2")
    #expect(report.isSuccess)
    #expect(report.output.bytes.count == 64 << 10 && !report.output.isWhole)
    #expect(report.complaints.bytes.count == 4 << 10)
    #expect(text(report.complaints).hasSuffix("end\n"))
  }

  @Test("as much output is kept as is asked for")
  func asMuchOutputIsKeptAsIsAskedFor() async throws {
    let report = try await run("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2") {
      $0.keptOutput = 3_000_000
      $0.keptComplaints = 5
    }
    #expect(report.output.bytes.count == 3_000_000 && report.output.isWhole)
    #expect(report.complaints.bytes.count == 5 && !report.complaints.isWhole)
  }

  @Test("runs in the folder that it is given")
  func itRunsInTheFolderThatItIsGiven() async throws {
    let report = try await run("pwd -P") { $0.folder = "/proc" }
    #expect(text(report.output) == "/proc\n")
    let nowhere = await Program(arguments: ["true"], timeout: .seconds(60), folder: "/nowhere/at all").run()
    guard case .notStarted = nowhere.end else {
      Issue.record("a folder that is not there gave \(nowhere.end)")
      return
    }
  }

  /// The process group is ended, and not only what leads it.
  @Test("ends a program whose leader ends first, with all it started")
  func theGroupOfALeaderThatEndedIsEnded() async throws {
    let report = try await run("trap 'exit 3' TERM; (trap '' TERM; exec sleep 600) & echo $!; wait") {
      $0.timeout = .seconds(1)
      $0.grace = .seconds(20)
    }
    #expect(report.end == .timedOut(.seconds(1)))
    try await expectGone(try #require(pid_t(text(report.output).split(separator: "\n").first ?? "")))
  }

  @Test("control characters reach no log")
  func controlCharactersReachNoLog() async throws {
    let report = try await run(#"printf '\033[2Jred\200\007 line\n' >&2"#)
    let line = try #require(report.complaints.lastLine)
    #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
  }

  @Test("ends a program that takes too long, with all it started")
  func oneThatTakesTooLongIsEndedWithAllItStarted() async throws {
    let report = try await run("trap 'echo was told; exit 3' TERM; echo $$; sleep 600 & echo $!; wait") {
      $0.timeout = .seconds(2)
    }
    #expect(report.end == .timedOut(.seconds(2)))
    let lines = text(report.output).split(separator: "\n")
    #expect(lines.last == "was told")
    for id in lines.compactMap({ pid_t($0) }) { try await expectGone(id) }
  }

  @Test("kills a program that ignores its signal, with all it started")
  func oneThatWillNotListenIsKilledWithAllItStarted() async throws {
    let report = try await run("trap '' TERM; echo $$; (trap '' TERM; sleep 600) & echo $!; sleep 600") {
      $0.timeout = .seconds(2)
      $0.grace = .milliseconds(300)
    }
    #expect(report.end == .timedOut(.seconds(2)))
    let ids = text(report.output).split(separator: "\n").compactMap { pid_t($0) }
    #expect(ids.count == 2)
    for id in ids { try await expectGone(id) }
  }

  @Test("ends a program whose output never stops")
  func oneThatNeverStopsTalkingIsEndedAllTheSame() async throws {
    let report = try await run("exec yes") { $0.timeout = .milliseconds(300) }
    #expect(report.end == .timedOut(.milliseconds(300)))
  }

  @Test("cancelling the task ends it")
  func cancellingTheTaskEndsIt() async throws {
    let task = Task { try await run("sleep 600") }
    try await Task.sleep(for: .milliseconds(200))
    task.cancel()
    #expect(try await task.value.end == .cancelled)
  }

  /// A process that it leaves running may hold its output open for ever.
  @Test("does not wait for processes that a program leaves running")
  func whatItLeavesRunningIsNotWaitedFor() async throws {
    let report = try await run("sleep 600 & echo $!; exit 0")
    #expect(report.isSuccess)
    let left = try #require(pid_t(text(report.output).split(separator: "\n").first ?? ""))
    #expect(kill(left, 0) == 0)
    #expect(kill(left, SIGKILL) == 0)
  }

  @Test("reports a program that cannot be started")
  func whatCannotBeStartedIsReported() async throws {
    for (arguments, words) in [
      (["/nowhere/at all"], "No such file"), (["/etc/passwd"], "Permission denied"),
      (["no-such-program-anywhere"], "PATH"), ([], "no program"),
    ] {
      let report = await Program(arguments: arguments, timeout: .seconds(1)).run()
      guard case .notStarted(let reason) = report.end else {
        Issue.record("\(arguments) gave \(report.end)")
        continue
      }
      #expect(reason.contains(words))
    }
  }

  @Test("a name without a slash is looked for in path")
  func aNameWithoutASlashIsLookedForInPath() async throws {
    #expect(await Program(arguments: ["true"], timeout: .seconds(60)).run().isSuccess)
  }

  /// No socket, journal or key of ours is open in it.
  @Test("it inherits none of our open files")
  func itGetsNoOpenFileOfOurs() async throws {
    let report = try await run("ls /proc/self/fd | wc -l; exec 3>&- ; ls /proc/self/fd | wc -l")
    let counts = text(report.output).split(separator: "\n")
    #expect(counts.count == 2 && counts[0] == counts[1])
  }

  @Test("a private file holds its content")
  func itHoldsWhatItIsGivenToHold() async throws {
    let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    let report = try await run("readlink /proc/$$/fd/3") { $0.held = file }
    #expect(text(report.output) == "/dev/null\n")
  }

  private func expectGone(_ id: pid_t) async throws {
    // Init, or the process that stands in for it, takes a moment to reap a process that we did not start ourselves.
    let deadline = ContinuousClock.now + .seconds(30)
    while let state = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8), ContinuousClock.now < deadline {
      if state.drop(while: { $0 != ")" }).hasPrefix(") Z") { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(access("/proc/\(id)", F_OK) != 0)
  }
}
