internal import FilsluseBase
import Glibc
internal import SystemPackage

extension LocalFolder {
  /// Moves a file to a folder that may be on another file system, never in place of another file.
  ///
  /// On another file system it is copied under a hidden name, synced, compared, renamed, and only then removed here. If
  /// the process is killed, the file is here or in both places; the next call recognises the copy and removes the file
  /// here.
  ///
  /// - Returns: false if another file has the name there, or the file here is gone.
  func relocate(_ name: [UInt8], to folder: LocalFolder, as newName: [UInt8]) throws(ExchangeError) -> Bool {
    let code = rename(name, to: folder, as: newName)
    switch code {
    case 0: return true
    case EEXIST, ENOENT: return false
    case EXDEV: return try copy(name, to: folder, as: newName)
    default:
      throw LocalFile.failure("move to \(folder.path)", path.appending(String(decoding: name, as: UTF8.self)), code)
    }
  }

  private func copy(_ name: [UInt8], to folder: LocalFolder, as newName: [UInt8]) throws(ExchangeError) -> Bool {
    guard try entry(name) != nil else { return false }
    let source = try LocalFile(name, in: self, flags: O_RDONLY)
    let before = try source.status()
    if try folder.entry(newName) != nil {
      guard try folder.isCopy(newName, of: source) else { return false }
    } else {
      let draft = Array(".filsluse-\(UInt64.random(in: 0...(.max))).part".utf8)
      do throws(ExchangeError) {
        let target = try LocalFile(draft, in: folder, flags: O_RDWR | O_CREAT | O_EXCL)
        try source.copyContent(to: target)
        try source.copyRightsAndTime(to: target)
        try target.synchronize()
        guard try target.digest() == source.digest(), try source.status() == before else {
          throw StagedFile.changed(source.path, "the file changed while it was being moved")
        }
        guard try folder.move(draft, to: folder, as: newName) else {
          try folder.remove(draft)
          return false
        }
      } catch {
        // The first failure is the one to mend.
        try? folder.remove(draft)
        throw error
      }
    }
    try folder.synchronize()
    guard try entry(name)?.status == before else {
      throw StagedFile.changed(
        source.path, "another file has taken its name; its copy lies in \(folder.path)",
        "en anden fil har taget dens navn; dens kopi ligger i \(folder.path)")
    }
    try remove(name)
    return true
  }

  /// Returns true if the file of that name is an earlier call's copy of a source: the same content and time.
  private func isCopy(_ name: [UInt8], of source: LocalFile) throws(ExchangeError) -> Bool {
    guard try entry(name)?.isRegular == true else { return false }
    let (copy, status) = (try LocalFile(name, in: self, flags: O_RDONLY), try source.status())
    let there = try copy.status()
    guard there.size == status.size, there.modifiedSeconds == status.modifiedSeconds,
      there.modifiedNanoseconds == status.modifiedNanoseconds
    else { return false }
    return try copy.digest() == source.digest()
  }
}

extension LocalFile {
  fileprivate func copyRightsAndTime(to target: LocalFile) throws(ExchangeError) {
    var status = stat()
    guard fstat(fileDescriptor, &status) == 0 else { throw Self.failure("stat", path, errno) }
    let times = [status.st_atim, status.st_mtim]
    guard fchmod(target.fileDescriptor, status.st_mode & 0o777) == 0, futimens(target.fileDescriptor, times) == 0 else {
      throw Self.failure("set rights and time", target.path, errno)
    }
  }
}
