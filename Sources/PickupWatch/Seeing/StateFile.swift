internal import SystemPackage

/// The SQLite file that sights and alerts share.
enum StateFile {
  /// Makes an empty file (0600) where there is none, so that nobody else can ever read it.
  ///
  /// One that is there is left unopened: when a process closes any descriptor of a file, all its POSIX locks on that file
  /// are gone, those of its SQLite connections too. Another process would then take itself for the last one, and unlink
  /// the log that this one goes on writing to.
  static func makeIfMissing(_ path: FilePath) throws {
    do {
      try FileDescriptor.open(
        path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerReadWrite]
      ).close()
    } catch Errno.fileExists {
      return
    }
  }
}
