internal import CSystemShim
internal import FilsluseBase
internal import Foundation
import Glibc
internal import SystemPackage

/// The identity of a machine among those that may use a journal on a server: its processes share the files beside the
/// journal's local path, with the claims in them.
///
/// It is a random number kept beside those files. The kernel's random number of its start distinguishes a machine from
/// one that runs a copy of its disk.
struct MachineIdentity: Sendable, Hashable {
  /// The random number; the same in all processes of the machine, and after a restart.
  let name: String
  /// The kernel's number; another one after each start.
  let boot: String
  /// The machine's name, for people.
  let host: String

  static func file(beside journal: FilePath) -> FilePath { FilePath(journal.string + ".machine") }

  /// Reads it, or makes it where there is none. Two processes must not do so at once.
  init(beside journal: FilePath) throws(ExchangeError) {
    let path = Self.file(beside: journal)
    try LocalFile.createIfMissing(path)
    let kept = try LocalFile(reading: path).read(upTo: 100, at: 0)
    var number = String(decoding: kept, as: UTF8.self)
    if UUID(uuidString: number) == nil {
      number = UUID().uuidString
      try Self.write(number, to: path)
    }
    let start = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    name = number
    boot = start?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    host = Self.hostName
  }

  /// Returns the random number of the machine with these files; `nil` if it never had the journal open. Creates
  /// nothing.
  static func name(beside journal: FilePath) -> String? {
    let kept = try? String(contentsOfFile: file(beside: journal).string, encoding: .utf8)
    return kept.flatMap(UUID.init(uuidString:))?.uuidString
  }

  private static func write(_ number: String, to path: FilePath) throws(ExchangeError) {
    let descriptor = filsluse_openat(AT_FDCWD, path.string, O_WRONLY | O_NOFOLLOW, 0)
    guard descriptor >= 0 else { throw LocalFile.failure("open", path, errno) }
    defer { close(descriptor) }
    let bytes = Array(number.utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count,
      fsync(descriptor) == 0
    else { throw LocalFile.failure("write", path, errno) }
  }

  /// The machine's name, for people.
  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
