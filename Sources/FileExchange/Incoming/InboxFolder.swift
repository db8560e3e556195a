internal import ExchangeSettings
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The local folder for an account's arrivals, with a subfolder for unfinished files.
///
/// A file appears under its final name only when it is whole and synced, and never in place of another.
struct InboxFolder: Sendable {
  let folder: LocalFolder
  let unfinished: LocalFolder
  let room = DiskRoom()
  private let names: FolderSync
  private let unfinishedNames: FolderSync

  /// The name of the subfolder for unfinished files.
  static let unfinishedName = ".unfinished"

  /// Returns the path of the account's folder.
  static func path(of account: Account, _ settings: ExchangeSettings) -> FilePath {
    settings.inbox.appending(account.name).absolute
  }

  /// Opens the account's folder, made where it is missing (0700).
  static func open(_ path: FilePath) async throws(ExchangeError) -> InboxFolder {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try InboxFolder(in: try LocalFolder(creating: path))
    }
  }

  init(in folder: LocalFolder) throws(ExchangeError) {
    try folder.requirePrivacy()
    self.folder = folder
    unfinished = try folder.ownSubfolder(Self.unfinishedName)
    names = FolderSync(of: folder)
    unfinishedNames = FolderSync(of: unfinished)
  }

  /// Checks that both folders are still the opened ones: a file placed in a removed folder is lost.
  func requireInPlace() throws(ExchangeError) {
    try folder.requireInPlace()
    try unfinished.requireInPlace()
  }

  /// A temporary file for an arrival, and a name that is free for it in the inbox. What an earlier attempt left is in
  /// the file where it was kept; otherwise it is dropped.
  func begin(_ arrival: Arrival) async throws(ExchangeError) -> Begun {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try requireInPlace()
      let kept = try beginning(of: arrival)
      if kept == nil { try dropNow(arrival) }
      let name = try findName(for: arrival)
      let file: LocalFile
      if let kept {
        file = kept.0
      } else {
        file = try LocalFile(temporaryName(of: arrival), in: unfinished, flags: O_RDWR | O_CREAT | O_EXCL)
      }
      do throws(ExchangeError) {
        try room.reserve(arrival.size, for: arrival.wireName.string, in: file, of: folder, present: kept?.1.bytes ?? 0)
      } catch {
        // Frees the space reserved for it.
        try dropNow(arrival)
        throw error
      }
      return Begun(file: file, name: name, beginning: kept?.1)
    }
  }

  /// Drops the unfinished files of an arrival.
  func drop(_ arrival: Arrival) async throws(ExchangeError) {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try dropNow(arrival) }
  }

  func dropNow(_ arrival: Arrival) throws(ExchangeError) {
    try unfinished.clear(witnessName(of: arrival))
    try clearNotes(of: arrival)
    try unfinished.clear(temporaryName(of: arrival))
    try unfinished.clear(temporaryMetadataName(of: arrival))
  }

  /// Drops the witness, once the journal says that the file was placed.
  func forget(_ arrival: Arrival) async throws(ExchangeError) {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try requireInPlace()
      try unfinished.remove(witnessName(of: arrival))
      try clearNotes(of: arrival)
    }
  }

  private func clearNotes(of arrival: Arrival) throws(ExchangeError) {
    try unfinished.clear(noteName(of: arrival))
    try unfinished.clear(newerNoteName(of: arrival))
  }

  /// A name in the inbox that nothing has yet: the wire name, or the wire name with the start of the transfer's id.
  func freeName(for arrival: Arrival) async throws(ExchangeError) -> String {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try findName(for: arrival) }
  }

  private func findName(for arrival: Arrival) throws(ExchangeError) -> String {
    for name in Self.names(of: arrival.wireName, transfer: arrival.fileTransferUUID) {
      if try !folder.contains(name), try !folder.contains(name + Self.metadataSuffix) { return name }
    }
    throw ExchangeError(
      .localFile, operation: "place", path: arrival.wireName.string,
      message: "the inbox holds files by this and each longer name",
      remedy: "move handled files out of \(folder.path)"
    ).inDanish(
      "Indbakken har filer ved navnet \(arrival.wireName.string) og alle længere navne for den. Flyt behandlede filer ud af \(folder.path)."
    )
  }

  /// The candidate names of a transfer in the inbox, in order of preference.
  private static func names(of wireName: JournalledName, transfer uuid: String) -> [String] {
    var names: [String] = []
    let name = wireName.string
    if name.utf8.count + metadataSuffix.utf8.count <= 255 { names.append(name) }
    var digits = uuid.utf8.filter { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    // An id is any text: one without such digits has a digest.
    if digits.count < 8 { digits = Array(Self.key(of: uuid).utf8) }
    for length in stride(from: 8, through: 32, by: 8) {
      let mark = "~" + String(decoding: digits.prefix(length), as: UTF8.self)
      names.append(name.marked(mark, atMost: 255 - metadataSuffix.utf8.count))
    }
    return names
  }

  /// A transfer placed in an inbox, identified by the metadata beside it.
  struct PlacedTransfer: Sendable {
    /// The name of its data.
    let name: String
    /// The hash of its data; `nil` where its receiver has taken that away.
    let sha256: SHA256Digest?
  }

  /// Finds a transfer in an inbox folder by its metadata; `nil` where it is not there. Nothing is made. Blocks.
  static func find(
    _ metadata: [UInt8], named wireName: JournalledName, transfer uuid: String, in folder: LocalFolder
  ) throws(ExchangeError) -> PlacedTransfer? {
    for name in names(of: wireName, transfer: uuid) {
      let metadataName = name + metadataSuffix
      guard try folder.contains(metadataName), try folder.holds(metadata, under: metadataName) else { continue }
      guard try folder.contains(name) else { return PlacedTransfer(name: name, sha256: nil) }
      return PlacedTransfer(name: name, sha256: try LocalFile(name, in: folder, flags: O_RDONLY).digest())
    }
    return nil
  }

  /// Returns true if a subfolder for unfinished files has an arrival's data, or the proof that it was placed. Blocks.
  static func holdsUnfinished(_ arrival: Arrival, in unfinished: LocalFolder) throws(ExchangeError) -> Bool {
    let key = Self.key(of: arrival.fileTransferUUID)
    if try unfinished.contains("\(key).part") { return true }
    return try unfinished.contains("\(key).whole")
  }

  /// The result of giving a file its final name.
  enum Placing: Sendable {
    /// It has the name, now or from before.
    case placed
    /// Another file took the name first.
    case nameTaken
    /// The file is not here: the subfolder was cleared, or the inbox is another folder now.
    case lost
  }

  /// Waits until the names of temporary files are on the disk.
  ///
  /// A marker means that its file was moved if the file's temporary name is gone. After a power failure that is true
  /// only if the name was on the disk before the marker was created: otherwise the disk may have only the marker.
  func synchronizeTemporaryNames() async throws(ExchangeError) { try await unfinishedNames.synchronize() }

  /// Renames a complete temporary file to its final name, its metadata first.
  func place(_ arrival: Arrival, as name: String) async throws(ExchangeError) -> Placing {
    if let placing = try await prepare(arrival, as: name) { return placing }
    // The marker is on the disk before the rename: otherwise a loss of power could keep the rename and lose the marker.
    try await unfinishedNames.synchronize()
    let placing = try await BlockingThreads.shared.run { () throws(ExchangeError) in try move(arrival, to: name) }
    guard case .placed = placing else { return placing }
    // A folder that was removed in between has taken the file with it, which is fetched again.
    async let unfinishedIsSafe = Result { () async throws(ExchangeError) in try await unfinishedNames.synchronize() }
    try await names.synchronize()
    try await unfinishedIsSafe.get()
    return .placed
  }

  /// Writes the marker and the metadata beside the temporary file; returns the result if that file is missing.
  ///
  /// The marker is created just before the rename: a file missing without it was taken by another program. If the file
  /// system supports hard links, it is one to the metadata, which saves creating and removing a file for each arrival.
  private func prepare(_ arrival: Arrival, as name: String) async throws(ExchangeError) -> Placing? {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try requireInPlace()
      guard try unfinished.contains(temporaryName(of: arrival)) else {
        // Where its witness is there, only our own rename took it away, in a run that ended before it could say so.
        guard try unfinished.contains(witnessName(of: arrival)) else { return .lost }
        try completePlacing(arrival, as: name)
        return .placed
      }
      try writeMetadata(of: arrival)
      if try !unfinished.link(temporaryMetadataName(of: arrival), as: witnessName(of: arrival)) {
        _ = try LocalFile(witnessName(of: arrival), in: unfinished, flags: O_WRONLY | O_CREAT)
      }
      return nil
    }
  }

  /// Writes the metadata into the subfolder for unfinished files, under the temporary name.
  private func writeMetadata(of arrival: Arrival) throws(ExchangeError) {
    let name = temporaryMetadataName(of: arrival)
    try unfinished.clear(name)
    let metadata = try LocalFile(name, in: unfinished, flags: O_WRONLY | O_CREAT | O_EXCL)
    try metadata.write(arrival.metadata, at: 0)
    try metadata.synchronize()
  }

  private func move(_ arrival: Arrival, to name: String) throws(ExchangeError) -> Placing {
    guard try moveMetadata(of: arrival, to: name) else { return .nameTaken }
    return try unfinished.move(temporaryName(of: arrival), to: folder, as: name) ? .placed : .nameTaken
  }

  /// Renames the metadata to its final name beside the data; returns false if another file has that name.
  private func moveMetadata(of arrival: Arrival, to name: String) throws(ExchangeError) -> Bool {
    let (temporaryName, name) = (temporaryMetadataName(of: arrival), name + Self.metadataSuffix)
    if try unfinished.move(temporaryName, to: folder, as: name) { return true }
    try unfinished.remove(temporaryName)
    return try folder.holds(arrival.metadata, under: name)
  }

  /// Completes a placing that a crash interrupted after the data's rename.
  ///
  /// A power failure may keep that rename and lose the metadata's before it: two renames reach the disk in any order
  /// until the folders are synced. If the receiver has taken the data already, no metadata is put beside it.
  private func completePlacing(_ arrival: Arrival, as name: String) throws(ExchangeError) {
    if try folder.contains(name), try !folder.contains(name + Self.metadataSuffix) {
      try writeMetadata(of: arrival)
      _ = try moveMetadata(of: arrival, to: name)
    }
    try unfinished.remove(temporaryMetadataName(of: arrival))
    try folder.synchronize()
    try unfinished.synchronize()
  }

  static let metadataSuffix = ".metadata"

  func temporaryName(of arrival: Arrival) -> String { "\(key(of: arrival)).part" }

  private func temporaryMetadataName(of arrival: Arrival) -> String { temporaryName(of: arrival) + Self.metadataSuffix }

  /// The name of the progress record.
  func noteName(of arrival: Arrival) -> String { "\(key(of: arrival)).begun" }

  /// The name of a new progress record until it replaces the previous one.
  func newerNoteName(of arrival: Arrival) -> String { noteName(of: arrival) + ".new" }

  private func witnessName(of arrival: Arrival) -> String { "\(key(of: arrival)).whole" }

  /// Returns a key that is the same for a transfer under any number in the journal: a restored journal counts from its
  /// own last number. The received id is any text and cannot be used as a file name.
  private func key(of arrival: Arrival) -> Substring { Self.key(of: arrival.fileTransferUUID) }

  private static func key(of uuid: String) -> Substring { SHA256.digest(of: Array(uuid.utf8)).hex.prefix(32) }
}
