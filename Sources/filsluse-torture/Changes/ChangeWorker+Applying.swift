import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage

/// Makes each change, and repairs it as a person would.
extension ChangeWorker {
  /// Makes a change; `nil` when what it would change is not there.
  func apply(_ change: Change, _ payload: Payload, _ run: RunningCommand) async throws -> ChangeEffect? {
    switch change {
    case .fileReplaced, .fileGrown, .fileCut, .fileTouched, .fileRemoved, .fileMadeLink, .fileLinkedTwice:
      try changeFile(change, payload)
    case .arrivedReplaced, .arrivedTouched, .arrivedRemoved: try changeArrived(change, payload)
    case .outgoingMadeAnew: try makeAnew(outgoing, payload)
    case .outgoingMoved: try moveAway(outgoing)
    case .takenRemoved: try removeTaken(payload)
    case .inboxMadeAnew: try makeInboxAnew(payload)
    case .inboxMoved: try moveAway(inbox)
    case .outgoingMountedOver: try mountOver(outgoing)
    case .inboxMountedOver: try mountOver(settings.inbox)
    case .outgoingReadOnly: try makeReadOnly(outgoing)
    case .inboxReadOnly: try makeReadOnly(settings.inbox)
    case .diskFull: try fillDisk()
    case .journalMoved: try moveAway(settings.journal)
    case .journalOldCopied, .journalOldRenamed: try putOldJournal(isRenamed: change == .journalOldRenamed, payload, run)
    case .keyRemoved: try moveAway(key)
    case .keyReplaced: try swap(key, with: Data("no key\n".utf8))
    case .hookRemoved: try moveAway(hook)
    case .hookFails: try swap(hook, with: Data("#!/bin/sh\nexit 1\n".utf8))
    case .settingsReloaded, .settingsBroken, .routeRemoved: try reload(change, run)
    case .clockMoved: ChangeEffect()
    case .watchDatabaseMoved: try moveAway(settings.watch.database)
    case .watchDatabaseOldCopied: try putOldWatchDatabase()
    }
  }

  // MARK: Files

  private func changeFile(_ change: Change, _ payload: Payload) throws -> ChangeEffect? {
    let places = [outgoing, outgoing.appending(".taken")].flatMap { folder in
      names(in: folder).map { folder.appending($0) }
    }
    let wanted = payload.names[(rounds + 3) % payload.names.count]
    guard
      let path = places.first(where: { $0.string.hasSuffix(wanted) })
        ?? places.first(where: { $0.string.contains(payload.prefix) }),
      let name = payload.names.first(where: { path.string.hasSuffix($0) })
    else { return nil }
    var effect = ChangeEffect()
    let other = Data("another content of \(name)\n".utf8)
    let isStillThere: Bool
    switch change {
    case .fileReplaced:
      let new = folder.appending("new-\(rounds)")
      try other.write(to: URL(filePath: new.string))
      isStillThere = FileManager.default.fileExists(atPath: path.string) && rename(new.string, path.string) == 0
      effect.contents[name] = other
    case .fileGrown:
      isStillThere = append(Data("more\n".utf8), to: path)
      effect.contents[name] = payload.content(of: name) + Data("more\n".utf8)
    case .fileCut:
      isStillThere = truncate(path.string, 3) == 0
      effect.contents[name] =
        payload.content(of: name).isEmpty ? Data(count: 3) : Data(payload.content(of: name).prefix(3))
    case .fileTouched: isStillThere = utimes(path.string, nil) == 0
    case .fileRemoved:
      isStillThere = unlink(path.string) == 0
      effect.mayBeMissing = [name]
      effect.wasOwnersWish = path.removingLastComponent() == outgoing
    case .fileMadeLink:
      let secret = safe.appending("secret")
      try other.write(to: URL(filePath: secret.string))
      isStillThere = unlink(path.string) == 0 && symlink(secret.string, path.string) == 0
      // What the link leads to must not be sent: it is no allowed content.
      effect.mayBeMissing = [name]
      effect.mayStay = [name]
    default:
      isStillThere = link(path.string, folder.appending("second-\(rounds)").string) == 0
      effect.repair = { [folder, rounds] in unlink(folder.appending("second-\(rounds)").string) }
    }
    return isStillThere ? effect : nil
  }

  private func append(_ bytes: Data, to path: FilePath) -> Bool {
    let file = open(path.string, O_WRONLY | O_APPEND)
    guard file >= 0 else { return false }
    defer { close(file) }
    return bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count
  }

  private func changeArrived(_ change: Change, _ payload: Payload) throws -> ChangeEffect? {
    guard
      let name = names(in: arrived).first(where: { $0.hasPrefix(payload.prefix) && !$0.hasSuffix(".metadata") }),
      let size = FileManager.default.contents(atPath: arrived.appending(name).string)?.count
    else { return nil }
    let path = arrived.appending(name)
    var effect = ChangeEffect()
    switch change {
    case .arrivedReplaced:
      let other = Data(repeating: UInt8(ascii: "x"), count: size)
      let new = safe.appending("arrived-\(rounds)")
      try other.write(to: URL(filePath: new.string))
      guard size > 0, rename(new.string, path.string) == 0 else { return nil }
      effect.contents[name] = other
      effect.mayStay = [name]
      effect.replacedInIN = (name, other)
    case .arrivedTouched:
      guard utimes(path.string, nil) == 0 else { return nil }
    default:
      guard unlink(path.string) == 0 else { return nil }
      effect.mayBeMissing = [name]
      effect.mayStay = [name]
    }
    return effect
  }

  // MARK: Folders

  /// Removes a watched folder with all its files, and makes an empty one; the person who did it keeps the files and
  /// puts them in again.
  private func makeAnew(_ path: FilePath, _ payload: Payload) throws -> ChangeEffect? {
    let old = folder.appending("old-\(rounds)")
    guard rename(path.string, old.string) == 0, mkdir(path.string, 0o700) == 0 else { return nil }
    var effect = ChangeEffect()
    effect.repair = { [self] in
      // The person moves back what was taken and what was not.
      let taken = path.appending(".taken")
      mkdir(taken.string, 0o700)
      for name in names(in: old.appending(".taken")) {
        rename(old.appending(".taken").appending(name).string, taken.appending(name).string)
      }
      for name in names(in: old) where name.hasPrefix(payload.prefix) {
        rename(old.appending(name).string, path.appending(name).string)
      }
      for subfolder in ["sent", "refused", "set-aside"] where !names(in: old.appending(subfolder)).isEmpty {
        for day in names(in: old.appending(subfolder)) {
          mkdir(path.appending(subfolder).string, 0o700)
          rename(
            old.appending(subfolder).appending(day).string, path.appending(subfolder).appending("old-\(day)").string)
        }
      }
    }
    return effect
  }

  private func moveAway(_ path: FilePath) throws -> ChangeEffect? {
    let away = FilePath("\(path)-away")
    guard rename(path.string, away.string) == 0 else { return nil }
    var effect = ChangeEffect()
    effect.repair = { [rounds] in
      // A file or folder that a running process made in its place is put beside it, and the files of a folder into it.
      let meanwhile = FilePath("\(path)-meanwhile-\(rounds)")
      let isMadeAnew = rename(path.string, meanwhile.string) == 0
      guard rename(away.string, path.string) == 0 else { throw Errno(rawValue: errno) }
      var isFolder = false
      if isMadeAnew, FileManager.default.fileExists(atPath: path.string, isDirectory: &isFolder), isFolder {
        try Self.merge(meanwhile, into: path)
      }
    }
    return effect
  }

  private func removeTaken(_ payload: Payload) throws -> ChangeEffect? {
    let taken = outgoing.appending(".taken")
    let there = names(in: taken)
    guard FileManager.default.fileExists(atPath: taken.string) else { return nil }
    try? FileManager.default.removeItem(atPath: taken.string)
    var effect = ChangeEffect()
    effect.mayBeMissing = Set(payload.names.filter { name in there.contains { $0.hasSuffix(name) } })
    return effect
  }

  private func makeInboxAnew(_ payload: Payload) throws -> ChangeEffect? {
    let old = folder.appending("old-inbox-\(rounds)")
    guard rename(inbox.string, old.string) == 0, mkdir(inbox.string, 0o700) == 0 else { return nil }
    var effect = ChangeEffect()
    effect.repair = { [self] in
      for name in names(in: old) where name.hasPrefix(payload.prefix) {
        // A file that came again, because it was gone, is that file.
        if access(inbox.appending(name).string, F_OK) != 0 {
          rename(old.appending(name).string, inbox.appending(name).string)
        }
      }
    }
    return effect
  }

  /// Mounts an empty file system over a folder. Files that came into it are moved into the folder once that is visible
  /// again.
  private func mountOver(_ path: FilePath) throws -> ChangeEffect? {
    try Mounting.mountMemory(at: path, bytes: 4 << 20)
    var effect = ChangeEffect()
    effect.repair = { [safe, rounds] in
      let meanwhile = safe.appending("meanwhile-\(rounds)")
      try FileManager.default.copyItem(atPath: path.string, toPath: meanwhile.string)
      Mounting.unmount(path)
      try Self.merge(meanwhile, into: path)
    }
    return effect
  }

  /// Moves files into the same places below another folder, where no file has their names.
  private static func merge(_ folder: FilePath, into other: FilePath) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.string) {
      let (from, to) = (folder.appending(name), other.appending(name))
      var isFolder = false
      guard FileManager.default.fileExists(atPath: from.string, isDirectory: &isFolder) else { continue }
      if !FileManager.default.fileExists(atPath: to.string) {
        try FileManager.default.copyItem(atPath: from.string, toPath: to.string)
      } else if isFolder {
        try merge(from, into: to)
      }
    }
  }

  private func makeReadOnly(_ path: FilePath) throws -> ChangeEffect? {
    try Mounting.makeReadOnly(path)
    var effect = ChangeEffect()
    effect.repair = { Mounting.unmount(path) }
    return effect
  }

  private func fillDisk() throws -> ChangeEffect? {
    let ballast = folder.appending("ballast")
    let file = open(ballast.string, O_WRONLY | O_CREAT, 0o600)
    guard file >= 0 else { throw Errno(rawValue: errno) }
    defer { close(file) }
    for size in [1 << 20, 4096, 1] {
      let block = [UInt8](repeating: 0, count: size)
      while write(file, block, size) == size {}
    }
    var effect = ChangeEffect()
    effect.repair = { unlink(ballast.string) }
    return effect
  }

  // MARK: Journal, key, hook, settings

  private func putOldJournal(isRenamed: Bool, _ payload: Payload, _ run: RunningCommand) throws -> ChangeEffect? {
    let older = safe.appending("older.sqlite")
    guard let bytes = FileManager.default.contents(atPath: older.string) else { return nil }
    if isRenamed {
      let new = folder.appending("restored.sqlite")
      try bytes.write(to: URL(filePath: new.string))
      guard rename(new.string, settings.journal.string) == 0 else { return nil }
    } else {
      let file = open(settings.journal.string, O_WRONLY | O_TRUNC)
      guard file >= 0 else { return nil }
      defer { close(file) }
      guard bytes.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == bytes.count else { return nil }
    }
    var effect = ChangeEffect()
    effect.repair = { [self] in
      run.send(SIGTERM)
      _ = try await run.waitForEnd(within: .seconds(30))
      try await restoreJournal(from: older, payload)
    }
    return effect
  }

  private func putOldWatchDatabase() throws -> ChangeEffect? {
    guard let bytes = FileManager.default.contents(atPath: safe.appending("older-watch.sqlite").string) else {
      return nil
    }
    let file = open(settings.watch.database.string, O_WRONLY | O_TRUNC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard bytes.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == bytes.count else { return nil }
    return ChangeEffect()
  }

  private func swap(_ path: FilePath, with bytes: Data) throws -> ChangeEffect? {
    guard let effect = try moveAway(path) else { return nil }
    try bytes.write(to: URL(filePath: path.string))
    guard chmod(path.string, path == hook ? 0o755 : 0o600) == 0 else { throw Errno(rawValue: errno) }
    return effect
  }

  private func reload(_ change: Change, _ run: RunningCommand) throws -> ChangeEffect? {
    guard run.isReady else { return nil }
    var changed = settings
    switch change {
    case .settingsReloaded: changed.accounts[0].poll = .milliseconds(300)
    case .routeRemoved: changed.routes = []
    default: break
    }
    if change == .settingsBroken {
      try Data("accounts: [\n".utf8).write(to: URL(filePath: settings.source.string))
    } else {
      try writeSettings(changed)
    }
    run.send(SIGHUP)
    var effect = ChangeEffect()
    effect.repair = { [self] in
      try writeSettings(settings)
      run.send(SIGHUP)
    }
    return effect
  }
}
