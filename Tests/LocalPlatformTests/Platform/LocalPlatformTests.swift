import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import LocalPlatform
import TriggerFiles

/// The platform as OpenSSH's own client meets it.
@Suite(.timeLimit(.minutes(25))) struct LocalPlatformTests {
  @Test("a delivery arrives with its metadata and a receipt")
  func aDeliveryArrivesWithItsMetadataAndAReceipt() async throws {
    try await withDemoPlatform { platform, scratch in
      let name = "udtræk æøå 0101.csv"
      let data = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      try scratch.appending("data").write(data)
      try scratch.appending("trigger").write(HandWrittenTrigger(name, size: data.count).text)
      let sender = try OpenSSHClient(platform, system: "fagsystem", scratch: scratch)
      let said = await sender.batch(
        "put \"\(scratch)/data\" \"OUT/\(name)\"", "put \"\(scratch)/trigger\" \"OUT/\(name).trigger\"")
      #expect(said.succeeded, "\(said.text)")

      let inbox = platform.inFolder(of: "flis")
      #expect(try await eventually { try inbox.names() == [name, name + ".metadata"] })
      let receiptFile = platform.inFolder(of: "fagsystem").appending(name + ".sftpreceipt")
      #expect(try await eventually { receiptFile.exists })
      #expect(try platform.outFolder(of: "fagsystem").names() == [])

      let recipient = try OpenSSHClient(platform, system: "flis", scratch: scratch)
      let got = await recipient.batch(
        "get \"IN/\(name)\" \"\(scratch)/back\"", "get \"IN/\(name).metadata\" \"\(scratch)/metadata\"")
      #expect(got.succeeded, "\(got.text)")
      #expect(try scratch.appending("back").bytes() == data)

      try await XMLLint.expectValid(scratch.appending("metadata"))
      try await XMLLint.expectValid(receiptFile)
      let metadata = try FileMetadata(reading: scratch.appending("metadata").bytes())
      let receipt = try TechnicalReceipt(reading: receiptFile.bytes())
      #expect(metadata.fileDescriptor.fileName == name)
      #expect(metadata.fileContentDescriptor.routingInfo?.infRef == PlatformPlan.demoExtracts)
      #expect(receipt.outcome == .receipt(message: "SUCCESS"))
      #expect(receipt.sendersFileID == "afsender-1")
      #expect(receipt.fileTransferUUID == metadata.fileTransferUUID)
    }
  }

  @Test("several recipients get their own copy of one transfer")
  func severalRecipientsGetTheirOwnCopyOfOneTransfer() async throws {
    try await withDemoPlatform { platform, scratch in
      try platform.deliver("bilag", "indhold", .direct("bilag", size: 7, to: "flis", "faktura"), from: "fagsystem")
      try await platform.expectReceipt("bilag", of: "fagsystem")
      let uuids = try ["flis", "faktura"].map { system in
        #expect(try platform.inFolder(of: system).appending("bilag").text() == "indhold")
        return try FileMetadata(reading: platform.inFolder(of: system).appending("bilag.metadata").bytes())
          .fileTransferUUID
      }
      #expect(uuids[0] == uuids[1])
    }
  }

  @Test("a refusal is a receipt with the reason, and no recipient gets the file")
  func aRefusalIsAReceiptWithTheReasonAndReachesNobody() async throws {
    try await withDemoPlatform { platform, scratch in
      let trigger = HandWrittenTrigger("forkert.csv", size: 6).with { $0.infRef = "SortimentOverfor_1" }
      try platform.deliver("forkert.csv", "12345", trigger, from: "fagsystem")
      let file = try await platform.expectReceipt("forkert.csv", of: "fagsystem")
      try await XMLLint.expectValid(file)
      guard case .errors(let errors) = try TechnicalReceipt(reading: file.bytes()).outcome else {
        Issue.record("no errors in the receipt")
        return
      }
      #expect(errors.map(\.code) == [9004, 9015])
      #expect(errors[0].description.contains("6") && errors[0].description.contains("5"))
      #expect(try platform.outFolder(of: "fagsystem").names() == [])
      #expect(try platform.inFolder(of: "flis").names() == [])
    }
  }

  @Test("a name that is taken waits for its turn")
  func aNameThatIsTakenWaitsForItsTurn() async throws {
    try await withDemoPlatform { platform, scratch in
      let inbox = platform.inFolder(of: "flis")
      try platform.deliver("samme", "1", .direct("samme", size: 1, to: "flis"), from: "fagsystem")
      try await platform.expectReceipt("samme", of: "fagsystem")
      try platform.deliver("samme", "22", .direct("samme", size: 2, from: "faktura", to: "flis"), from: "faktura")
      #expect(try await eventually { try platform.outFolder(of: "faktura").names() == [] })
      try await Task.sleep(for: .milliseconds(200))
      #expect(try inbox.appending("samme").text() == "1")
      #expect(try platform.inFolder(of: "faktura").names() == [])
      // Old metadata would pass for the new file's: with the data alone gone, the second still waits.
      unlink(inbox.appending("samme").string)
      try await Task.sleep(for: .milliseconds(200))
      #expect(try inbox.names() == ["samme.metadata"])
      unlink(inbox.appending("samme.metadata").string)
      try await platform.expectReceipt("samme", of: "faktura")
      #expect(try inbox.appending("samme").text() == "22")
    }
  }

  @Test("a platform comes back with its keys, port and settings")
  func aPlatformComesBackWithItsKeysPortAndSettings() async throws {
    try await withScratchFolder { scratch in
      let first = try await withLocalPlatform(at: scratch, plan: .demo, logger: .silent) { Appearance($0) }
      let second = try await withLocalPlatform(at: scratch, plan: .demo, logger: .silent) { platform in
        for system in platform.plan.systems.map(\.name) {
          let file = platform.settingsFile(of: system)
          let read = try ExchangeSettings.load(file)
          let meant = try platform.settings(for: system)
          #expect(read == meant, "\(system)")
        }
        return Appearance(platform)
      }
      #expect(first == second)
      // A person's changes to their settings stay.
      let changed = scratch.appending("clients/flis/filsluse.yaml")
      try changed.write(changed.text() + "\n# mine\n")
      _ = try await withLocalPlatform(at: scratch, plan: .demo, logger: .silent) { _ in }
      #expect(try changed.text().hasSuffix("# mine\n"))
    }
  }

  @Test("a folder has one platform at a time")
  func aFolderHasOnePlatformAtATime() async throws {
    try await withDemoPlatform { platform, scratch in
      let directory = platform.directory
      let error = await #expect(throws: PlatformError.self) {
        try await withLocalPlatform(at: directory, plan: .demo, logger: .silent) { _ in }
      }
      #expect(error?.code == .inUse)
      // A descriptor that is closed twice hits another thread's file.
      #expect(countForeignCloses { for _ in 0..<500 { _ = try? FolderLock(directory.appending("lock")) } } == 0)
    }
  }

  @Test("a dead server ends the body")
  func aDeadServerEndsTheBody() async throws {
    try await withScratchFolder { scratch in
      let error = await #expect(throws: PlatformError.self) {
        try await withLocalPlatform(at: scratch, plan: .demo, logger: .silent) { platform in
          for process in platform.processes { kill(process, SIGKILL) }
          try await Task.sleep(for: .seconds(60))
        }
      }
      #expect(error?.code == .serverEnded)
    }
  }

  @Test("running in the foreground ends orderly when cancelled")
  func runningInTheForegroundEndsOrderlyWhenCancelled() async throws {
    try await withScratchFolder { scratch in
      let (processes, report) = AsyncStream<Set<Int32>>.makeStream()
      let running = Task {
        try await LocalPlatform.run(at: scratch, plan: .demo, logger: .silent) { report.yield($0.processes) }
      }
      var iterator = processes.makeAsyncIterator()
      let started = try #require(await iterator.next())
      #expect(started.count >= 2)
      running.cancel()
      try await running.value
      #expect(started.allSatisfy { !isRunning($0) })
    }
  }
}

/// A platform as a client sees it.
private struct Appearance: Equatable {
  let port: UInt16
  let fingerprint: KeyFingerprint
  let keys: [PublicKey?]

  init(_ platform: LocalPlatform) {
    port = platform.port
    fingerprint = platform.hostKeyFingerprint
    keys = platform.plan.systems.map { platform.user(of: $0.name)?.publicKey }
  }
}
