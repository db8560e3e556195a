import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseBase

@Suite struct FileIdentityTests {
  @Test("a file has one identity by its path, by a link to it and by an open descriptor")
  func aFileHasOneIdentityByItsPathByALinkToItAndByAnOpenDescriptor() async throws {
    try await withScratchFolder { folder in
      let (path, link) = (folder.appending("a"), folder.appending("link"))
      let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
      defer { try? file.close() }
      try #require(symlink("a", link.string) == 0)
      let identity = try FileIdentity(of: file)
      #expect(try FileIdentity(of: path) == identity)
      #expect(try FileIdentity(of: link) == identity)
      #expect(try FileIdentity(of: link, followingLink: false) != identity)
      #expect(try FileIdentity(of: folder) != identity)
    }
  }

  @Test("nothing has an identity where nothing is, and a path that cannot be looked up is an error")
  func nothingHasAnIdentityWhereNothingIs() async throws {
    try await withScratchFolder { folder in
      let (file, loop) = (folder.appending("a"), folder.appending("loop"))
      try FileDescriptor.open(file, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
      try #require(symlink("loop", loop.string) == 0)
      #expect(try FileIdentity(of: folder.appending("missing")) == nil)
      #expect(try FileIdentity(of: file.appending("below")) == nil)
      #expect(throws: Errno.tooManySymbolicLinkLevels) { try FileIdentity(of: loop) }
      #expect(try FileIdentity(of: loop, followingLink: false) != nil)
      #expect(throws: Errno.badFileDescriptor) { try FileIdentity(of: FileDescriptor(rawValue: -1)) }
    }
  }
}
