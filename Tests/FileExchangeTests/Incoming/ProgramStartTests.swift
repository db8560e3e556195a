import ExchangeSettings
import Foundation
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Receivers' programs that cannot be started: the cause, the alert, and the end of each.
@Suite(.timeLimit(.minutes(25))) struct ProgramStartTests {
  private static func hook(_ settings: inout ExchangeSettings, _ command: [String], tries: Int = 2) {
    settings.arrivals[0].hook = ArrivalHook(command: command, timeout: .seconds(120), tries: tries)
  }

  @Test(
    "a program that is missing is reported once, costs no file a try, and takes over by itself when it is back",
    arguments: ["missing", "not executable", "interpreter", "env"])
  func missing(how: String) async throws {
    try await RunningExchange.with({ settings in
      let program = settings.source.removingLastComponent().appending("take-over").string
      Self.hook(&settings, how == "env" ? ["/usr/bin/env", program] : [program])
    }) { running in
      let program = running.test.folder.appending("take-over")
      func install(_ text: String, mode: Int) throws {
        let draft = try running.test.file("draft", text)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: draft.string)
        try? FileManager.default.removeItem(atPath: program.string)
        try FileManager.default.moveItem(atPath: draft.string, toPath: program.string)
      }
      if how == "not executable" { try install("#!/bin/sh\nexit 0\n", mode: 0o600) }
      if how == "interpreter" { try install("#!/nowhere/python\n", mode: 0o700) }
      for number in 1...3 { try running.test.arrive("\(number).csv") }
      try await eventually("told") { running.attentions.map(\.kind) == [.hookCannotStart] }
      let message = try #require(running.attentions.first?.message)
      #expect(message.contains("extracts") && message.contains("handed over when the program can be started"))
      // More often than a file that fails may fail.
      try await eventually("tried again and again") {
        try await running.test.journal.arrivals().count { $0.reason != nil && $0.state == .handingOver } == 3
      }
      #expect(try await running.test.journal.arrivals().allSatisfy { $0.tries == 0 })
      try install("#!/bin/sh\necho x >>\"\(running.test.folder.appending("log"))\"\n", mode: 0o700)
      try await eventually("taken over") { try running.test.names(in: running.test.incoming).isEmpty }
      try await eventually("over") { running.resolved.map(\.kind) == [.hookCannotStart] }
      #expect(try running.test.log() == ["x", "x", "x"])
      #expect(running.attentions.count == 1)
    }
  }

  /// A moment may be written with any number of digits: too many for a program's environment.
  @Test("values of the file itself that are too long for any program set that file aside, and no other")
  func tooLong() async throws {
    try await TestExchange.with({ Self.hook(&$0, ["true"]) }) { test in
      let text = String(decoding: try test.metadata("long.csv", size: 1).xml(), as: UTF8.self)
      let digits = String(repeating: "1", count: 140_000)
      let long = text.replacing(#/<SenderTimestamp>(.{19})[^<]*</#) { "<SenderTimestamp>\($0.output.1).\(digits)Z<" }
      #expect(long != text)
      try test.write(Data("x".utf8), to: test.incoming.appending("long.csv"))
      try test.write(Data(long.utf8), to: test.incoming.appending("long.csv.metadata"))
      try test.arrive("short.csv")
      let first = await test.exchange.collect("account")
      #expect(first.problems.map(\.code) == [.hookFailed])
      #expect(first.collected.map(\.wireName) == ["short.csv"])
      let second = await test.exchange.collect("account")
      #expect(second.setAside.map(\.wireName) == ["long.csv"])
      #expect(second.setAside.first?.reason?.description.contains("longer than the system takes") == true)
    }
  }

  /// The command in the settings is as long for every file.
  @Test("a command in the settings that is too long sets no file aside")
  func tooLongInTheSettings() async throws {
    try await TestExchange.with({ Self.hook(&$0, ["true", String(repeating: "x", count: 140_000)], tries: 1) }) {
      test in
      try test.arrive("a.csv")
      let report = await test.exchange.collect("account")
      #expect(report.problems.map(\.code) == [.hookNotStarted] && report.setAside.isEmpty)
      let mended = try await test.reopened { Self.hook(&$0, ["true"]) }
      #expect(await mended.exchange.collect("account").collected.map(\.wireName) == ["a.csv"])
    }
  }

  @Test("an arrival whose route is gone from the settings is reported, and goes on when it is back")
  func routeGone() async throws {
    try await TestExchange.with({ settings in
      RunningExchange.settings(&settings)
      Self.hook(&settings, ["/nowhere/take-over"])
    }) { test in
      try test.arrive("a.csv")
      #expect(await test.exchange.collect("account").problems.map(\.code) == [.hookNotStarted])
      let without = RunningExchange(
        test: try await test.reopened { settings in
          settings.arrivals[0].name = "others"
          settings.arrivals[0].infRef = InfRef(unchecked: "SortimentOverfør_1")
        })
      try await without.whileRunning {
        try await eventually("told") { without.attentions.map(\.kind) == [.handOverStuck] }
        #expect(without.attentions.first?.number == "A1")
      }
      let back = RunningExchange(test: try await test.reopened { Self.hook(&$0, ["true"]) })
      try await back.whileRunning {
        try await eventually("handed over") { try test.names(in: test.incoming).isEmpty }
      }
    }
  }
}
