import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage
import TriggerFiles

/// The work of a person who restores a journal, and deals with everything it no longer knows, as `filsluse journal
/// restore --help` asks.
extension ChangeWorker {
  func restoreJournal(from older: FilePath, _ payload: Payload) async throws {
    let arguments = ["journal", "restore", older.string, "--config", settings.source.string]
    if try await command.run(arguments, in: safe).status == .exited(0) { return }
    // Where neither file knows what was written last, the person says so.
    let outcome = try await command.run(arguments + ["--accept-loss"], in: safe)
    guard outcome.status == .exited(0) else { throw Trouble("journal restore: \(outcome)") }
    try await compareWithPlatform(payload)
  }

  /// Compares the orders with the platform's files, before anything is sent or collected again: files that the platform
  /// has are taken out of the watched folder, and files in the inbox out of IN.
  private func compareWithPlatform(_ payload: Payload) async throws {
    let out = platform.outFolder(of: PlatformPlan.sender(number))
    let receipts = platform.inFolder(of: PlatformPlan.sender(number))
    _ = try await Wait.until(within: .seconds(20)) {
      !names(in: out).contains { $0.hasPrefix(payload.prefix) && $0.hasSuffix(".trigger") }
    }
    let come = transfers(in: inbox, of: payload)
    let waiting = transfers(in: arrived, of: payload)
    for name in payload.names
    where come.values.contains(name) || waiting.values.contains(name)
      || names(in: receipts).contains("\(name).sftpreceipt")
    {
      for folder in [outgoing, outgoing.appending(".taken")] {
        for file in names(in: folder) where file.hasSuffix(name) { unlink(folder.appending(file).string) }
      }
      unlink(receipts.appending("\(name).sftpreceipt").string)
    }
    for (transfer, name) in waiting where come[transfer] != nil {
      for file in [name, "\(name).metadata"] { unlink(arrived.appending(file).string) }
    }
    // What was begun and has no trigger.
    for name in names(in: out) where name.hasPrefix(payload.prefix) { unlink(out.appending(name).string) }
  }

  /// Returns the names of the files whose metadata is in a folder, by their FileTransferUUIDs.
  private func transfers(in folder: FilePath, of payload: Payload) -> [String: String] {
    var found: [String: String] = [:]
    for name in names(in: folder) where name.hasPrefix(payload.prefix) && name.hasSuffix(".metadata") {
      guard let bytes = FileManager.default.contents(atPath: folder.appending(name).string),
        let metadata = try? FileMetadata(reading: [UInt8](bytes))
      else { continue }
      found[metadata.fileTransferUUID] = metadata.fileDescriptor.fileName
    }
    return found
  }
}
