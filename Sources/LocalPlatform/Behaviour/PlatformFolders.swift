import FilsluseBase
import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

/// The layout of a platform's folder. All of it is on one file system, so that one rename hands a file over.
struct PlatformFolders: Sendable {
  let root: FilePath
  /// One folder per transfer that the router has in hand.
  let work: FilePath

  init(root: FilePath) {
    self.root = root
    work = root.appending("router").appending("work")
  }

  /// Keys, configuration and log of the SSH server.
  var server: FilePath { root.appending("server") }
  /// The folders that the systems see, each under its system's name.
  var systems: FilePath { root.appending("systems") }
  /// Returns the folder that a system sees when it logs on.
  func home(of system: String) -> FilePath { systems.appending(system) }
  func inbox(of system: String) -> FilePath { home(of: system).appending("IN") }
  func outbox(of system: String) -> FilePath { home(of: system).appending("OUT") }
  /// Returns the folder for a system's own side: settings, journal and collected files.
  func client(of system: String) -> FilePath { root.appending("clients").appending(system) }
  func settingsFile(of system: String) -> FilePath { client(of: system).appending("filsluse.yaml") }
  /// The digest of a system's settings as they were written last.
  func settingsDigest(of system: String) -> FilePath { client(of: system).appending(".filsluse.yaml.sha256") }
  /// The name of the plan's file.
  var planFile: FilePath { root.appending("plan") }
  /// The server's host key, for clients that take it from a file.
  var knownHosts: FilePath { root.appending("known_hosts") }
  var journal: FilePath { root.appending("router").appending("journal.jsonl") }

  /// Makes what is missing.
  func make(for systems: [String]) throws(PlatformError) {
    try WholeFile.makeFolder(work, mode: 0o700)
    for system in systems {
      for folder in [inbox(of: system), outbox(of: system), client(of: system)] { try WholeFile.makeFolder(folder) }
    }
  }

  /// Keeps any other platform out of the folder for as long as the descriptor stays open, which is as long as the
  /// process lives.
  func lock() throws(PlatformError) -> FolderLock {
    try WholeFile.makeFolder(root)
    return try FolderLock(root.appending("lock"))
  }
}

/// A held lock on a platform's folder.
final class FolderLock: Sendable {
  private let descriptor: Int32

  init(_ path: FilePath) throws(PlatformError) {
    descriptor = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .file(errno, .write, path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      // `deinit` closes the descriptor, also after a throw from here: a second close would hit another thread's file.
      let number = errno
      guard number == EWOULDBLOCK else { throw .file(number, .lock, path) }
      throw PlatformError(
        .inUse,
        LocalizedText(
          "another process runs a platform in this folder", "en anden proces kører en platform i denne mappe"),
        remedy: LocalizedText("stop it, or choose another folder", "stop den, eller vælg en anden mappe"),
        path: path.removingLastComponent())
    }
  }

  /// Releases the lock. Closing the descriptor is not enough while a child that is just being started shares it.
  func release() { flock(descriptor, LOCK_UN) }

  deinit {
    release()
    close(descriptor)
  }
}
