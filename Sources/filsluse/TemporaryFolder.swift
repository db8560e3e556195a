import Glibc
import SystemPackage

/// New folders for a while, which only the running user can look into.
enum TemporaryFolder {
  /// Makes a folder below `TMPDIR`, or `/tmp`, whose name begins with the given one.
  static func make(named name: String) throws(CommandFailure) -> FilePath {
    let base = getenv("TMPDIR").map { FilePath(String(cString: $0)) } ?? "/tmp"
    var template = Array(base.appending("\(name)-XXXXXX").string.utf8CString)
    guard mkdtemp(&template) != nil else {
      let (folder, reason) = (Printable.text(base.string), Errno(rawValue: errno).shown)
      throw CommandFailure(.localIO, "no folder in \(folder): \(reason)", "ingen mappe i \(folder): \(reason)")
    }
    return FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}
