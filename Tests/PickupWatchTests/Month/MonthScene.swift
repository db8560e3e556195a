import FileExchange
import FilsluseBase
import Foundation
import GRDB
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// One inbox of the script on a server: its files in IN and OUT, and its deliveries in a journal.
final class MonthScene {
  private let inbox: ScriptedInbox
  private let folder: FilePath
  private let journal: FilePath
  /// The files that are there now: their names and sizes.
  private var there: [String: UInt64] = [:]
  /// The deliveries' states in the journal.
  private var states: [Int64: String] = [:]

  init(_ inbox: ScriptedInbox, _ server: TestServer, journal: FilePath) throws {
    self.inbox = inbox
    self.journal = journal
    folder = server.folder.appending(inbox.account)
    for part in ["IN", "OUT"] {
      let path = folder.appending(part).string
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      // The access time of a folder shows the server's clock, which is not the script's. A time in the future stays as
      // it is.
      let (future, past) = (timeval(tv_sec: 4_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0))
      try #require(utimes(path, [future, past]) == 0)
    }
  }

  /// Puts the files and the deliveries into their state at a moment.
  func set(at now: Timestamp) async throws {
    var wanted: [String: (bytes: [UInt8], written: Timestamp)] = [:]
    for file in inbox.files where file.comes <= now && now < file.goes {
      let growth = file.growth.last { $0.from <= now }
      let place = file.place == .outbox ? "OUT" : "IN"
      wanted["\(place)/\(file.name)"] = (
        Array(repeating: UInt8(ascii: "x"), count: Int(growth?.size ?? 10)), max(file.comes, growth?.from ?? file.comes)
      )
      let noteComes = file.noteComes ?? file.comes
      guard noteComes <= now else { continue }
      let suffix = file.place == .outbox ? ".trigger" : ".metadata"
      wanted["\(place)/\(file.name)\(suffix)"] = (try Self.note(of: file), noteComes)
    }
    for name in there.keys where wanted[name] == nil {
      try FileManager.default.removeItem(atPath: folder.appending(name).string)
      there[name] = nil
    }
    for (name, file) in wanted where there[name] != UInt64(file.bytes.count) {
      let path = folder.appending(name)
      try WatchedServer.write(file.bytes, to: path)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: Double(file.written.millisecondsSince1970) / 1000)],
        ofItemAtPath: path.string)
      there[name] = UInt64(file.bytes.count)
    }
    try await setJournal(at: now)
  }

  private static func note(of file: ScriptedFile) throws -> [UInt8] {
    if file.isUnreadable { return Array("ingen XML".utf8) }
    if file.place == .outbox { return Array("<Trigger/>".utf8) }
    return try WatchedServer.metadata(
      file.name, size: 10, infRef: file.infRef, sender: file.sender, uuid: "transfer-\(file.name)")
  }

  private func setJournal(at now: Timestamp) async throws {
    for delivery in inbox.deliveries {
      if delivery.committed <= now, states[delivery.id] == nil {
        try await write(delivery.id, delivery, "triggered", at: delivery.committed)
      }
      let final = delivery.isRefused ? "refused" : "accepted"
      if delivery.receipt <= now, states[delivery.id] != final {
        try await write(delivery.id, delivery, final, at: delivery.receipt)
      }
      if let mended = delivery.mended, mended <= now, states[100 + delivery.id] == nil {
        try await write(100 + delivery.id, delivery, "accepted", at: mended)
      }
    }
  }

  private func write(_ id: Int64, _ delivery: ScriptedDelivery, _ state: String, at moment: Timestamp) async throws {
    states[id] = state
    let (path, account) = (journal.string, inbox.account)
    try await BlockingThreads.shared.run {
      let database = try DatabaseQueue(path: path)
      try database.write { database in
        let time = moment.millisecondsSince1970
        let isOpen = state == "triggered"
        try database.execute(
          sql: """
            INSERT INTO delivery (id, account, route, wire_name, sha256, ordinal, size, local_path, infref,
              senders_file_id, temporary_trigger_name, state, staged_at, changed_at, is_open, outcome, refused_at)
            VALUES (?1, ?2, 'finansbilag', ?3, '', ?1, 10, '', ?4, ?1, '', ?5, ?6, ?6, ?7, ?8,
              CASE WHEN ?5 = 'refused' THEN ?6 END)
            ON CONFLICT (id) DO UPDATE SET state = ?5, changed_at = ?6, is_open = ?7, outcome = ?8,
              refused_at = excluded.refused_at
            """,
          arguments: [
            id, account, "ud-\(delivery.id).csv", delivery.infRef, state, time, isOpen,
            state == "refused" ? "2001 Ukendt rute" : nil,
          ])
        try database.execute(
          sql: "INSERT INTO entry (at, delivery, state, hash) VALUES (?, ?, ?, zeroblob(32))",
          arguments: [time, id, state])
      }
      try database.close()
    }
  }
}
