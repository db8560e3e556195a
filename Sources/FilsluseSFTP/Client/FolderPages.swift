/// A folder's entries in the server's pages of about a hundred, in any number.
///
/// The folder is closed when the pages go out of scope.
public struct FolderPages: ~Copyable {
  private let client: SFTPClient
  private let folder: RemotePath
  private let handle: [UInt8]
  private var pending: [PendingReply] = []

  private var handedOut = 0
  private var count: ListingCount
  /// The most bytes that a page has taken.
  private var largestPage = 0

  /// The number of requests for names in flight: few for a small folder, and more with each page of a large one, up to
  /// 1 MB by the size of the largest page so far.
  private var ahead: Int { max(1, min(16, 3 + handedOut, (1 << 20) / max(1, largestPage))) }

  fileprivate init(client: SFTPClient, folder: RemotePath, handle: [UInt8]) {
    self.client = client
    self.folder = folder
    self.handle = handle
    count = ListingCount(client.listing)
  }

  deinit { client.engine.submitAndForget(.close(handle: handle)) }

  /// The next entries, without `.` and `..`, and apart from them names that no file can have; `nil` after the last.
  ///
  /// - Throws: `SFTPError`; `listingTooLong` beyond the endpoint's `ListingLimits`. The connection goes on being
  ///   usable.
  public mutating func next() async throws(SFTPError) -> DirectoryListing? {
    do throws(SFTPError) {
      if Task.isCancelled { throw .cancelled }
      while pending.count < ahead {
        pending.append(try client.engine.submit(.readFolder(handle: handle)))
      }
      guard let names = try await pending.removeFirst().names() else { return nil }
      handedOut += 1
      largestPage = max(largestPage, names.reduce(0) { $0 + $1.wireSize })
      try count.add(names)
      var page = DirectoryListing()
      for name in names { page.add(name) }
      return page
    } catch {
      throw error.during("list", folder)
    }
  }
}

extension SFTPClient {
  /// Opens a folder to go through its entries page by page.
  ///
  /// - Throws: `SFTPError`, such as `noSuchFile` or `permissionDenied`.
  public func pages(of folder: RemotePath) async throws(SFTPError) -> FolderPages {
    let handle: [UInt8]
    do throws(SFTPError) {
      handle = try await engine.submit(.openFolder(folder.bytes)).handle()
    } catch {
      throw error.during("list", folder)
    }
    return FolderPages(client: self, folder: folder, handle: handle)
  }
}
