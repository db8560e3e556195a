import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseBase

@Suite struct NewFileTests {
  private struct Interrupted: Error {}

  private static func names(_ folder: FilePath) throws -> [String] {
    guard let stream = opendir(folder.string) else { throw Errno(rawValue: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// Writes `new`, and does something else before it is put in its place.
  private static func write(
    _ path: FilePath, replacing: Bool = false, sparing inputs: [FilePath] = [], meanwhile: () throws -> Void
  ) -> Result<Void, NewFileError> {
    Result { () throws(NewFileError) in
      try NewFile.write(to: path, replacing: replacing, sparing: inputs) { file, _ in
        try file.writeAll("new".utf8)
        try meanwhile()
      }
    }
  }

  private static func content(_ path: FilePath) throws -> String {
    let file = try PlainFile.open(path)
    return String(decoding: try file.closeAfter { try PlainFile.content(of: file, upTo: 100) }, as: UTF8.self)
  }

  @Test("Of the drafts in a folder those of ended processes are removed, unless somebody has them locked")
  func abandonedDrafts() async throws {
    try await withScratchFolder("drafts") { folder in
      // No process has a number above 4194304.
      let gone = ".filsluse-4194999-17.part"
      let locked = ".filsluse-4194999-18.part"
      let others = [
        ".filsluse-\(getpid())-17.part", ".filsluse-4194999-x.part", ".filsluse-4194999.part", ".filsluse-17-4194999",
        "a.part",
      ]
      for name in [gone, locked] + others {
        let file = try FileDescriptor.open(
          folder.appending(name), .writeOnly, options: .create, permissions: .ownerReadWrite)
        try file.close()
      }
      let link = ".filsluse-4194999-19.part"
      #expect(symlink("a.part", folder.appending(link).string) == 0)
      let holder = open(folder.appending(locked).string, O_RDONLY | O_CLOEXEC)
      #expect(flock(holder, LOCK_EX | LOCK_NB) == 0)
      NewFile.removeAbandonedDrafts(in: folder)
      let kept = try Self.names(folder)
      #expect(kept == ([locked, link] + others).sorted())
      close(holder)
      NewFile.removeAbandonedDrafts(in: folder)
      let rest = try Self.names(folder)
      #expect(rest == ([link] + others).sorted())
      // A folder that is not there has none.
      NewFile.removeAbandonedDrafts(in: folder.appending("nowhere"))
    }
  }

  @Test("A write that fails leaves the folder as it was")
  func failure() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("a")
      try NewFile.write(to: path) { file, _ in try file.writeAll("old".utf8) }
      #expect(throws: NewFileError.self) {
        try NewFile.write(to: path, replacing: true) { file, _ in
          try file.writeAll("half".utf8)
          throw Interrupted()
        }
      }
      #expect(try Self.names(folder) == ["a"])
      #expect(try Self.content(path) == "old")
    }
  }

  @Test("A file that takes the name while the content is written is not replaced")
  func race() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("a")
      let taken = Self.write(path) { try Self.write(path) {}.get() }
      guard case .failure(.taken) = taken else {
        Issue.record("\(taken)")
        return
      }
      let input = Self.write(folder.appending("b"), replacing: true, sparing: [path]) {
        #expect(link(path.string, folder.appending("b").string) == 0)
      }
      guard case .failure(.isInput) = input else {
        Issue.record("\(input)")
        return
      }
      let (names, content) = (try Self.names(folder), try Self.content(path))
      #expect(names == ["a", "b"] && content == "new")
    }
  }

  @Test("The longest name there is can be written")
  func longName() async throws {
    try await withScratchFolder { folder in
      let name = String(repeating: "x", count: 255)
      try NewFile.write(to: folder.appending(name)) { file, _ in try file.writeAll("x".utf8) }
      #expect(try Self.names(folder) == [name])
    }
  }

  private static func replace(_ path: FilePath) throws -> stat {
    try NewFile.write(to: path, replacing: true, keepingOwner: true) { file, _ in try file.writeAll("new".utf8) }
    var status = stat()
    guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
    return status
  }

  @Test("A file that is replaced passes on its permissions", arguments: [mode_t(0o600), 0o640, 0o666])
  func permissions(mode: mode_t) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("a")
      try NewFile.write(to: path) { file, _ in try file.writeAll("old".utf8) }
      #expect(chmod(path.string, mode) == 0)
      let status = try Self.replace(path)
      let content = try Self.content(path)
      #expect(status.st_mode & 0o7777 == mode && content == "new")
    }
  }

  @Test(
    "A file of another user that root replaces stays that user's",
    .enabled(if: geteuid() == 0, "only root can give files away"))
  func owner() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("a")
      try NewFile.write(to: path) { file, _ in try file.writeAll("old".utf8) }
      #expect(chown(path.string, 65534, 65533) == 0)
      let status = try Self.replace(path)
      #expect(status.st_uid == 65534 && status.st_gid == 65533)
    }
  }
}

@Suite struct SecretFileTests {
  @Test(
    "A secret is read from a plain file of its owner alone",
    arguments: [(mode_t(0o600), true), (0o400, true), (0o700, true), (0o640, false), (0o604, false), (0o601, false)])
  func rights(mode: mode_t, isAccepted: Bool) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("secret")
      try NewFile.write(to: path) { file, _ in try file.writeAll("hemmelig".utf8) }
      #expect(chmod(path.string, mode) == 0)
      let read = Result { () throws(SecretFileError) in try SecretFile.read(path, upTo: 4) }
      switch read {
      case .success(let bytes): #expect(isAccepted && bytes == Array("hemm".utf8))
      case .failure(let error): #expect(!isAccepted && error.isExposed && error.description.contains("chmod 600"))
      }
    }
  }

  @Test("A pipe, a device and a folder are refused at once", arguments: ["pipe", "/dev/zero", "."])
  func kinds(name: String) async throws {
    try await withScratchFolder { folder in
      #expect(mkfifo(folder.appending("pipe").string, 0o600) == 0)
      let path = folder.pushing(FilePath(name))
      #expect(throws: SecretFileError.self) { try SecretFile.read(path, upTo: 4) }
      #expect(throws: PlainFileError.self) { try PlainFile.open(path) }
      #expect(throws: PlainFileError.self) { try PlainFile.open(path, flags: O_WRONLY | O_CREAT) }
    }
  }
}
