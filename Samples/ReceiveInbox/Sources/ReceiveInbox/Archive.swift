import FileExchange
import Foundation
import Glibc
import SystemPackage
import TriggerFiles

/// A folder that keeps a copy of every file that was received.
struct Archive: Sendable {
  let folder: FilePath

  /// Keeps one file, and returns the answer to its sender.
  ///
  /// It may be called again for the same file, after a crash for example. The file's name has the journal's number, so
  /// it is kept once.
  ///
  /// - Throws: ``FileExchange/ReceiverNotReady`` while the folder is not there: the file is offered again later.
  func take(_ arrival: ReceivedFile) throws -> ReceiverAnswer {
    guard FileManager.default.fileExists(atPath: folder.string) else {
      throw ReceiverNotReady("there is no folder \(folder)")
    }
    // Your own check stands here. A file that is refused is the receiver's, too: its copy stays in the inbox folder.
    guard arrival.size > 0 else { return .businessReceipt(.rejected, reason: "the file is empty") }

    let name = "\(arrival.id)-\(arrival.name)"
    let place = folder.appending(name)
    if !FileManager.default.fileExists(atPath: place.string) {
      let unfinished = folder.appending("\(name).part")
      if FileManager.default.fileExists(atPath: unfinished.string) {
        try FileManager.default.removeItem(atPath: unfinished.string)
      }
      try FileManager.default.copyItem(atPath: arrival.path.string, toPath: unfinished.string)
      try sync(unfinished)
      try FileManager.default.moveItem(atPath: unfinished.string, toPath: place.string)
    }
    // Also where it was there before: the run that put it there may have ended before this.
    try sync(folder)
    return .businessReceipt(.accepted)
  }

  /// Waits until a file, or the names in a folder, are on the disk.
  private func sync(_ path: FilePath) throws {
    let descriptor = try FileDescriptor.open(path, .readOnly)
    try descriptor.closeAfter {
      guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
  }
}
