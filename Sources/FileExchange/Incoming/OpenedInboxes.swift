internal import FilsluseBase
internal import SystemPackage

/// Remembers the folder of each inbox at its last opening by this process.
///
/// A missing inbox is created at the first opening only. If it is missing later, its disk may not be mounted; files
/// collected into a new folder in its place would disappear from view after mounting.
final class OpenedInboxes: Sendable {
  private let identities = Locked<[FilePath: FileIdentity]>([:])

  /// Opens an account's inbox.
  ///
  /// - Returns: the inbox, and the problem if it is another folder than before.
  /// - Throws: ``ExchangeError`` with code `folder-gone` if it is gone or unusable, or the error of a full disk.
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
  /// Returns the failure as one of an unusable folder.
  fileprivate var ofUnusableFolder: ExchangeError {
    let error = ExchangeError(.folderGone, operation: operation, path: path, message: message, remedy: remedy)
    return danish.map { error.inDanish($0) } ?? error
  }
}
