internal import FilsluseBase
internal import SystemPackage

/// Remembers which folder each inbox was when this process opened it last.
///
/// An inbox is made where it is missing the first time only. One that is gone later may be on a disk that is not
/// mounted, and what would be collected into a folder made in its place would be out of sight when it is.
final class OpenedInboxes: Sendable {
  private let identities = Locked<[FilePath: FileIdentity]>([:])

  /// Opens an account's inbox.
  ///
  /// - Returns: the inbox, and the problem that it is another folder than before, where it is.
  /// - Throws: ``ExchangeError`` with code `folder-gone` when it is gone or cannot be used, or that of a full disk.
  func open(_ path: FilePath) async throws(ExchangeError) -> (inbox: InboxFolder, change: ExchangeError?) {
    let last = identities.withLock { $0[path] }
    let (inbox, identity) = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      do throws(ExchangeError) {
        if last != nil { try LocalFolder.requirePresence(at: path) }
        let folder = try last == nil ? LocalFolder(creating: path) : LocalFolder(opening: path)
        return (try InboxFolder(in: folder), try folder.identity)
      } catch {
        throw error.code == .diskFull ? error : error.ofUnusableFolder
      }
    }
    identities.withLock { $0[path] = identity }
    if last == nil || last == identity { return (inbox, nil) }
    let change = ExchangeError(
      .folderGone, operation: "use folder", path: path.string,
      message: "the inbox is another folder than before: it was moved, made anew or mounted over",
      remedy: "it is opened again; see that what was collected into the other one is not lost"
    ).inDanish(
      "Indbakken (\(path.string)) er en anden mappe end før: den er flyttet, lavet på ny, eller noget er monteret over den. Den er åbnet igen; se efter, at det, der er hentet i den gamle, ikke går tabt."
    )
    return (inbox, change)
  }
}

extension ExchangeError {
  /// The same failure as that of a folder that cannot be used.
  fileprivate var ofUnusableFolder: ExchangeError {
    let error = ExchangeError(.folderGone, operation: operation, path: path, message: message, remedy: remedy)
    return danish.map { error.inDanish($0) } ?? error
  }
}
