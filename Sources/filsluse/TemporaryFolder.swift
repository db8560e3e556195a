import Glibc
import SystemPackage

/// New folders under names of their own, which only the running user can look into.
enum TemporaryFolder {
  /// Creates a folder with a random suffix after the given name.
  ///
  /// - Parameter parent: the parent folder; `nil` for `TMPDIR`, or `/tmp`.
  static func make(named name: String, in parent: FilePath? = nil) throws(CommandFailure) -> FilePath {
    let base = parent ?? getenv("TMPDIR").map { FilePath(String(cString: $0)) } ?? "/tmp"
    var template = Array(base.appending("\(name)-XXXXXX").string.utf8CString)
    guard mkdtemp(&template) != nil else {
      let (folder, reason) = (Printable.text(base.string), Errno(rawValue: errno).shown)
      throw CommandFailure(.localIO, "no folder in \(folder): \(reason)", "ingen mappe i \(folder): \(reason)")
    }
    return FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}
