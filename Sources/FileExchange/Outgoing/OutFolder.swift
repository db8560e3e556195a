internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// The files of one delivery in OUT: its data, its trigger, its trigger under the temporary name.
struct OutFolder: Sendable {
  let client: SFTPClient
  let data: RemotePath
  let triggerPath: RemotePath
  let temporaryPath: RemotePath
  let trigger: [UInt8]
  private let dataSize: UInt64
  private let receiptPath: RemotePath

  init(of delivery: Delivery, account: Account, client: SFTPClient) {
    let folder = RemotePath(account.folders.out)
    self.client = client
    data = folder.appending(delivery.wireName.string)
    triggerPath = folder.appending(delivery.wireName.string + account.suffixes.trigger)
    temporaryPath = folder.appending(delivery.temporaryTriggerName)
    trigger = delivery.trigger
    dataSize = delivery.size
    receiptPath = RemotePath(account.folders.in).appending(delivery.wireName.string + account.suffixes.receipt)
  }

  /// Checks that neither the data's nor the trigger's name is in use.
  func checkNames() async throws(ExchangeError) {
    let names = [data, triggerPath]
    for (path, found) in zip(names, try await look(at: names)) where found != nil {
      throw ExchangeError(
        .nameTaken, operation: "look into OUT", path: path.string,
        message: "a file of that name lies there already, and this delivery did not put it there",
        remedy:
          "try again when the platform has taken it; if it stays, see whether an earlier delivery of that name was given up\(by: .listJournal), and ask who else uses this account"
      )
    }
  }

  /// Writes the whole trigger under its temporary name, which commits nothing yet. `allSent` is called when the last
  /// request for that is sent.
  func arm(allSent: () -> Void = {}) async throws(ExchangeError) {
    do throws(SFTPError) {
      try await client.upload(BytesSource(trigger), to: temporaryPath, mode: .replace, allSent: allSent)
    } catch {
      throw ExchangeError(error, while: "write the trigger")
    }
  }

  /// The result of committing the delivery.
  enum Commit: Sendable {
    /// The trigger has its final name.
    case done
    /// This server does not rename; nothing is committed.
    case cannotRename
    /// The server refused, but may still have renamed it; only a look into OUT shows it.
    case unclear(SFTPError)
  }

  /// Renames the trigger to its final name: from then on the platform may take the pair.
  func fire() async throws(ExchangeError) -> Commit {
    do throws(SFTPError) {
      try await client.rename(temporaryPath, to: triggerPath)
      return .done
    } catch {
      switch error.code {
      case .unsupported, .permissionDenied:
        // The temporary trigger stays for now: while the journal says `armed`, its absence means that it was renamed.
        return .cannotRename
      case .noSuchFile, .failure: return .unclear(error)
      default: throw ExchangeError(error, while: "rename the trigger")
      }
    }
  }

  /// Writes the trigger under its final name in one write, for servers that cannot rename.
  ///
  /// - Parameter mode: `.replace` where nothing is there. What a cut connection left there is completed with `.write`,
  ///   neither emptied nor made anew: the server may have written the rest since, and the platform taken it. Where a
  ///   server refuses that, it is emptied first.
  func writeTrigger(_ mode: OpenMode) async throws(ExchangeError) -> Commit {
    do throws(SFTPError) {
      try await client.write(trigger, to: triggerPath, mode: mode)
      return .done
    } catch {
      switch error.code {
      case .noSuchFile, .failure: return .unclear(error)
      case .permissionDenied where mode == .write, .unsupported where mode == .write: return .unclear(error)
      default: throw ExchangeError(error, while: "write the trigger")
      }
    }
  }

  /// Looks at the files of this delivery in OUT: the temporary name first, so that a rename in between is not missed,
  /// and the receipt last, which the platform writes when it has taken the pair.
  func content() async throws(ExchangeError) -> DeliveryMachine.OutContent {
    let triggerSize = UInt64(trigger.count)
    let temporary = try await state(of: temporaryPath) { $0 >= triggerSize }
    let trigger = try await state(of: triggerPath) { $0 >= triggerSize }
    let data = try await state(of: data) { $0 == dataSize }
    let receipt = try await look(at: [receiptPath])[0] != nil
    return DeliveryMachine.OutContent(data: data, trigger: trigger, temporary: temporary, receipt: receipt)
  }

  /// Classifies a file in OUT; where the server gives no size, it counts as whole.
  private func state(
    of path: RemotePath, isWhole: (UInt64) -> Bool
  ) async throws(ExchangeError) -> DeliveryMachine.RemoteFileState {
    guard let found = try await look(at: [path])[0] else { return .missing }
    return found.size.map(isWhole) ?? true ? .whole : .partial
  }

  /// Returns the attributes of each path, requested together in one round trip.
  private func look(at paths: [RemotePath]) async throws(ExchangeError) -> [FileAttributes?] {
    do throws(SFTPError) {
      return try await client.attributesIfPresent(of: paths)
    } catch {
      throw ExchangeError(error, while: "look into OUT")
    }
  }

  /// Returns the size of a file, 0 where the server gives none, `nil` where there is no file.
  func size(of path: RemotePath) async throws(ExchangeError) -> UInt64? {
    try await look(at: [path])[0].map { $0.size ?? 0 }
  }

  /// Removes the trigger's temporary name; false where there is none.
  @discardableResult func removeTemporaryTrigger() async throws(ExchangeError) -> Bool {
    try await remove(temporaryPath)
  }

  /// Removes a partial file under the trigger's final name; false where there is none.
  func removePartialTrigger() async throws(ExchangeError) -> Bool {
    try await remove(triggerPath)
  }

  /// Removes the data, which no trigger has committed.
  func removeData() async throws(ExchangeError) {
    try await remove(data)
  }

  @discardableResult private func remove(_ path: RemotePath) async throws(ExchangeError) -> Bool {
    do throws(SFTPError) {
      try await client.remove(path)
      return true
    } catch {
      if error.code == .noSuchFile { return false }
      throw ExchangeError(error, while: "tidy OUT")
    }
  }
}
