import ExchangeSettings
import FileExchange
import Foundation
import Glibc
import LocalPlatform
import SystemPackage

/// The course of a soak: files put in on one side and taken out on the other, and what that cost.
struct SoakCourse {
  private let files: Int
  private let ahead: Int
  private let command: Command
  private let outgoing: FilePath
  private let inbox: FilePath
  private var sender: SoakWorker
  private var receiver: SoakWorker
  private var curve: [SoakSample] = []
  private var put = 0
  private var hasCome: [Bool]
  private var come = 0
  private var doubled = 0
  private var damaged = 0
  private var strange = 0
  private var troubles: [String] = []
  private var seconds = 0.0
  private let start = ContinuousClock.now

  /// After this time without an arrival the soak counts as stuck.
  private static let patience = Duration.seconds(120)
  private static let samples = 20

  init(files: Int, ahead: Int, on platform: LocalPlatform, in folder: FilePath, command: Command) async throws {
    self.files = files
    self.ahead = ahead
    self.command = command
    hasCome = Array(repeating: false, count: files)
    outgoing = folder.appending("sender/outgoing")
    var sending = try platform.settings(for: PlatformPlan.sender(1))
    sending.source = folder.appending("sender/filsluse.yaml")
    sending.routes[0].outgoing = WatchedFolder(path: outgoing, settledFor: .milliseconds(1), whenAccepted: .remove)
    var receiving = try platform.settings(for: PlatformPlan.receiver(1))
    receiving.source = folder.appending("receiver/filsluse.yaml")
    receiving.accounts[0].poll = .milliseconds(500)
    sending.accounts[0].poll = .milliseconds(500)
    sending.journal = folder.appending("sender/journal.sqlite")
    sending.inbox = folder.appending("sender/inbox")
    receiving.journal = folder.appending("receiver/journal.sqlite")
    receiving.inbox = folder.appending("receiver/inbox")
    inbox = receiving.inbox.appending(PlatformPlan.receiver(1))
    try FileManager.default.createDirectory(atPath: outgoing.string, withIntermediateDirectories: true)
    sender = try await SoakWorker(sending, command: command)
    receiver = try await SoakWorker(receiving, command: command)
  }

  mutating func run(restartEvery: Int) async throws {
    var (nextRestart, nextSample) = (restartEvery, 0)
    var lastNews = ContinuousClock.now
    while come < files {
      let before = come
      try putMore()
      try takeOut()
      if come >= nextSample {
        take(sample: come)
        nextSample += max(1, files / Self.samples)
      }
      if come >= nextRestart, come < files {
        if nextRestart / restartEvery % 2 == 1 { try await sender.restart() } else { try await receiver.restart() }
        nextRestart += restartEvery
      }
      if come > before { lastNews = .now }
      if ContinuousClock.now - lastNews > Self.patience {
        troubles.append("nothing has come for \(Self.patience.components.seconds) s")
        break
      }
      if sender.hasEnded || receiver.hasEnded {
        troubles.append("a worker has ended by itself; its run.log says why")
        break
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    take(sample: come)
    seconds = (ContinuousClock.now - start) / .seconds(1)
    try await finish()
  }

  /// Each file appears under its name when it is whole.
  private mutating func putMore() throws {
    while put < files, put - come < ahead {
      let file = SoakFile(put)
      let path = outgoing.appending(file.name).string
      try file.content.write(to: URL(filePath: path + ".tmp"))
      guard rename(path + ".tmp", path) == 0 else { throw Errno(rawValue: errno) }
      put += 1
    }
  }

  /// Takes what has come out of the inbox. The metadata is there before the data.
  private mutating func takeOut() throws {
    for name in try names(in: inbox) where !name.hasSuffix(".metadata") && name != ".unfinished" {
      let path = inbox.appending(name).string
      if let file = SoakFile(name: name), file.number < files {
        if hasCome[file.number] { doubled += 1 } else { come += 1 }
        hasCome[file.number] = true
        if FileManager.default.contents(atPath: path) != file.content { damaged += 1 }
      } else {
        strange += 1
      }
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.removeItem(atPath: path + ".metadata")
    }
  }

  private func names(in folder: FilePath) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder.string) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder.string)
  }

  private mutating func take(sample count: Int) {
    let sample = SoakSample(
      files: count, seconds: (ContinuousClock.now - start) / .seconds(1), sender: sender.memory.now,
      receiver: receiver.memory.now, restarts: sender.restarts + receiver.restarts)
    curve.append(sample)
    Note.write(sample.line(after: curve.dropLast().last))
  }

  /// Every delivery must be finished at the sender too, and both journals must have every file.
  private mutating func finish() async throws {
    let outgoing = outgoing
    let isEmpty = try await Wait.until(within: .seconds(60)) {
      let left = try FileManager.default.contentsOfDirectory(atPath: outgoing.string).filter { $0 != ".taken" }
      return try left.isEmpty && FileManager.default.contentsOfDirectory(atPath: outgoing.string + "/.taken").isEmpty
    }
    if !isEmpty { troubles.append("files are left in the watched folder") }
    for (name, worker) in [("sender", sender), ("receiver", receiver)] {
      let ending = try await worker.stop()
      if ending != .exited(0) { troubles.append("the \(name) did not end in good order: \(ending)") }
      let check = try await command.run(
        ["journal", "check", "--config", worker.settings.source.string],
        in: worker.settings.source.removingLastComponent())
      if check.status != .exited(0) { troubles.append("the \(name)'s journal: \(check.errors)") }
    }
    try takeOut()
    let accepted = try await Journal.open(sender.settings.journal).deliveries().filter { $0.state == .accepted }
    let removed = try await Journal.open(receiver.settings.journal).arrivals().filter { $0.state == .removed }
    if Set(accepted.map(\.wireName)).count != files || accepted.count != files {
      troubles.append("the sender's journal has \(accepted.count) accepted deliveries")
    }
    if Set(removed.map(\.fileTransferUUID)).count != files || removed.count != files {
      troubles.append("the receiver's journal has \(removed.count) arrivals removed from IN")
    }
  }
}

extension SoakCourse {
  var isComplete: Bool { come == files && doubled == 0 && damaged == 0 && strange == 0 && troubles.isEmpty }

  var text: String {
    var lines = [SoakSample.header]
    for (index, sample) in curve.enumerated() { lines.append(sample.line(after: index > 0 ? curve[index - 1] : nil)) }
    let rate = Int(Double(come) / max(seconds, 0.001))
    lines.append("")
    lines.append("\(come) of \(files) files in \(Int(seconds)) s, \(rate) a second")
    lines.append("restarts: sender \(sender.restarts), receiver \(receiver.restarts)")
    lines.append("lost \(files - come), doubled \(doubled), damaged \(damaged), strange \(strange)")
    return (lines + troubles).joined(separator: "\n")
  }
}
