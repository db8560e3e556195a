import ExchangeSettings
import Glibc
import SystemPackage
import TriggerFiles

/// The files below the paths that an audit is asked to look through, in the order of their names.
///
/// Symbolic links are followed where the user named them and nowhere else: no link can lead round in a circle.
struct AuditWalk {
  /// A path that was left out wholly or in part, with the reason.
  struct Skipped: Encodable {
    /// The kinds of reason, which decide how the audit ends.
    enum Kind: String, Encodable {
      /// A link inside a folder: its target is checked at its own path.
      case link
      /// Something that cannot be checked.
      case unfit
      /// Something that cannot be read.
      case failure
    }

    let path: String
    let reason: String
    let kind: Kind
  }

  /// The language of the reasons.
  var language = ReportLanguage.english
  private(set) var skipped: [Skipped] = []

  /// Calls `visit` with every plain file below the paths.
  mutating func walk(_ paths: [FilePath], _ visit: (inout Self, FilePath) -> Void) {
    for path in paths {
      var status = stat()
      if stat(path.string, &status) == 0 {
        take(path, status, visit)
      } else {
        fail(path, errno)
      }
    }
  }

  mutating func skip(_ path: FilePath, _ reason: LocalizedText, _ kind: Skipped.Kind = .unfit) {
    skipped.append(
      Skipped(path: Printable.text(path.string), reason: Printable.text(reason[language]), kind: kind))
  }

  mutating func fail(_ path: FilePath, _ code: Int32) {
    skip(path, Errno(rawValue: code).words, .failure)
  }

  private mutating func take(_ path: FilePath, _ status: stat, _ visit: (inout Self, FilePath) -> Void) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: visit(&self, path)
    case S_IFDIR: enter(path, visit)
    case S_IFLNK:
      skip(path, LocalizedText("a symbolic link, which is not followed", "et symbolsk link, som ikke følges"), .link)
    default: skip(path, LocalizedText("neither a file nor a folder", "hverken en fil eller en mappe"))
    }
  }

  private mutating func enter(_ folder: FilePath, _ visit: (inout Self, FilePath) -> Void) {
    guard let names = names(in: folder) else { return }
    for name in names.sorted(by: { $0.string < $1.string }) {
      let path = folder.appending(name)
      var status = stat()
      if lstat(path.string, &status) == 0 {
        take(path, status, visit)
      } else {
        fail(path, errno)
      }
    }
  }

  private mutating func names(in folder: FilePath) -> [FilePath.Component]? {
    guard let stream = opendir(folder.string) else {
      fail(folder, errno)
      return nil
    }
    defer { closedir(stream) }
    var names: [FilePath.Component] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        FilePath(platformString: Array(bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }) + [0])
      }
      if let component = name.lastComponent, component.kind == .regular { names.append(component) }
    }
    if errno != 0 { fail(folder, errno) }
    return names
  }
}
