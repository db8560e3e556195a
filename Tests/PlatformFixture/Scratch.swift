import FoundationEssentials
import Glibc
public import SystemPackage

/// Runs `body` with a new empty folder, which is removed afterwards; `FILSLUSE_KEEP_SCRATCH=1` keeps it.
///
/// - Throws: `ScratchError` when no folder could be made, and what `body` throws.
public func withScratchFolder<Result>(
  _ name: String = "test", _ body: (FilePath) async throws -> Result
) async throws -> Result {
  let folder = try scratchFolder(named: name)
  defer { if getenv("FILSLUSE_KEEP_SCRATCH") == nil { try? FileManager.default.removeItem(atPath: folder.string) } }
  return try await body(folder)
}

/// No scratch folder could be made.
public struct ScratchError: Error, CustomStringConvertible {
  /// The folder, and the reason.
  public let description: String
}

/// A new empty folder below TMPDIR, which only the running user can look into.
func scratchFolder(named name: String) throws -> FilePath {
  let base = getenv("TMPDIR").map { FilePath(String(cString: $0)) } ?? "/tmp"
  var template = Array(base.appending("filsluse-\(name)-XXXXXX").string.utf8CString)
  guard mkdtemp(&template) != nil else {
    throw ScratchError(description: "no scratch folder in \(base): \(String(cString: strerror(errno)))")
  }
  return FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
}

func makeFolder(_ path: FilePath) throws {
  guard mkdir(path.string, 0o755) == 0 || errno == EEXIST else {
    throw ScratchError(description: "\(path) could not be made: \(String(cString: strerror(errno)))")
  }
}
