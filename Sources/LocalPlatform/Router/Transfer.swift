internal import CSystemShim
import Glibc
import SystemPackage
import TriggerFiles

/// One delivery in the router, with a folder of its own.
///
/// The files left in that folder are still to be delivered: every file leaves it by one rename, which puts it in its
/// place or does not happen. So a crash at any point leaves neither a gap nor a duplicate, and every step below can be
/// repeated.
struct Transfer {
  let id: String
  var sender: PlatformSystem
  let name: WireName
  let folders: PlatformFolders
  /// The recipients' names; `nil` until that is decided.
  var recipients: [String]?
  /// The time at which this router has taken it out of OUT; `nil` until then.
  var takenAt: ContinuousClock.Instant?
  /// The time from which its receipts may be put into IN, once that is decided.
  var receiptDueAt = Nanoseconds.zero

  /// True if the router has taken it out of OUT, so that a long queue is not searched again at every step.
  var isTaken: Bool { takenAt != nil }
  var isReceiptDue: Bool { Nanoseconds.now >= receiptDueAt }
  var folder: FilePath { folders.work.appending(id) }
  var trigger: FilePath { folder.appending("trigger") }
  var data: FilePath { folder.appending("data") }
  var receipt: FilePath { folder.appending("receipt") }
  /// The same again, where the router's habit is to answer twice.
  var secondReceipt: FilePath { folder.appending("receipt-again") }
  func metadata(for recipient: String) -> FilePath { folder.appending("to-\(recipient).metadata") }
  /// The last recipient gets the data file itself, the others get copies.
  func data(for recipient: String) -> FilePath {
    recipient == recipients?.last ? data : folder.appending("to-\(recipient).data")
  }

  /// Takes the pair out of OUT, trigger first unless the habit is another.
  ///
  /// - Returns: `false` when the sender has taken the trigger back: then there is no delivery.
  func take(_ habits: PlatformBehaviour = PlatformBehaviour()) throws(PlatformError) -> Bool {
    try WholeFile.makeFolder(folder, mode: 0o700)
    let outbox = folders.outbox(of: sender.name)
    if habits.takesDataFirst { try takeData(from: outbox) }
    if FileState(trigger) == nil {
      guard try Self.move(outbox.appending(name.string + WireSuffixes.default.trigger), to: trigger) else {
        if habits.takesDataFirst { _ = try Self.move(data, to: outbox.appending(name.string)) }
        return false
      }
    }
    try takeData(from: outbox)
    return true
  }

  /// The decision finds a missing data file.
  private func takeData(from outbox: FilePath) throws(PlatformError) {
    if FileState(data) == nil { _ = try Self.move(outbox.appending(name.string), to: data) }
  }

  /// Puts the missing files into the recipients' IN, and then into the sender's.
  ///
  /// A name in use in an IN is never overwritten: the file waits until its owner has removed the other one.
  ///
  /// - Returns: true if everything is delivered.
  func deliver() throws(PlatformError) -> Bool {
    var isDone = true
    for recipient in recipients ?? [] where FileState(metadata(for: recipient)) != nil {
      isDone = try deliver(to: recipient) && isDone
    }
    guard isDone else { return false }
    for answer in [receipt, secondReceipt] where FileState(answer) != nil {
      guard isReceiptDue, try place(answer, in: sender.name, suffix: WireSuffixes.default.receipt) else { return false }
    }
    return true
  }

  /// The names in use that keep it from being delivered, each with the system whose IN it is in.
  var namesInTheWay: [(name: String, system: String)] {
    let suffixes = WireSuffixes.default
    var names: [(name: String, system: String)] = []
    func look(for suffix: String, in system: String) {
      let name = self.name.string + suffix
      if FileState(folders.inbox(of: system).appending(name)) != nil { names.append((name, system)) }
    }
    for recipient in recipients ?? [] where FileState(metadata(for: recipient)) != nil {
      if FileState(data(for: recipient)) != nil { look(for: "", in: recipient) }
      look(for: suffixes.metadata, in: recipient)
    }
    if names.isEmpty, isReceiptDue, FileState(receipt) != nil || FileState(secondReceipt) != nil {
      look(for: suffixes.receipt, in: sender.name)
    }
    return names
  }

  /// Removes the folder with what is left in it: the trigger, or all of a refused delivery.
  func clear() throws(PlatformError) { try WholeFile.removeTree(folder) }

  /// Data first, metadata last: a recipient acts on the metadata. Both names must be free, for old metadata would pass
  /// for the new file's.
  private func deliver(to recipient: String) throws(PlatformError) -> Bool {
    let data = data(for: recipient)
    if FileState(data) != nil {
      let old = folders.inbox(of: recipient).appending(name.string + WireSuffixes.default.metadata)
      guard FileState(old) == nil else { return false }
      try Self.touch(data)
      guard try place(data, in: recipient, suffix: "") else { return false }
    }
    return try place(metadata(for: recipient), in: recipient, suffix: WireSuffixes.default.metadata)
  }

  private func place(_ file: FilePath, in system: String, suffix: String) throws(PlatformError) -> Bool {
    // The owner may have removed the folder itself.
    try WholeFile.makeFolder(folders.inbox(of: system))
    let place = folders.inbox(of: system).appending(name.string + suffix)
    if filsluse_rename_exclusively(AT_FDCWD, file.string, AT_FDCWD, place.string) == 0 { return true }
    guard errno == EEXIST else { throw .file(errno, .placeInInbox, place) }
    return false
  }
}

// One file from one place to another.
extension Transfer {
  /// - Returns: `false` when there is nothing to move.
  private static func move(_ from: FilePath, to place: FilePath) throws(PlatformError) -> Bool {
    if rename(from.string, place.string) == 0 { return true }
    guard errno == ENOENT else { throw .file(errno, .take, from) }
    return false
  }

  /// The file arrives now, whenever the sender wrote it: pickup monitoring counts from here.
  private static func touch(_ file: FilePath) throws(PlatformError) {
    guard utimensat(AT_FDCWD, file.string, nil, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw .file(errno, .date, file)
    }
  }
}
