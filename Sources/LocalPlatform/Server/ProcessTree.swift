import Glibc
import SystemPackage

/// Processes as listed in /proc.
enum ProcessTree {
  /// The process and all that descend from it, as far as their ancestors still live; zombies are left out.
  static func members(under root: pid_t) -> Set<pid_t> {
    let processes = all()
    var members: Set<pid_t> = [root]
    var grown = true
    while grown {
      grown = false
      for process in processes where members.contains(process.parent) {
        if members.insert(process.id).inserted { grown = true }
      }
    }
    return members.intersection(processes.filter { !$0.isZombie }.map(\.id))
  }

  /// Returns true if the process exists and is not a zombie.
  static func isRunning(_ id: pid_t) -> Bool {
    guard let process = status(of: id) else { return false }
    return !process.isZombie
  }

  private struct Status {
    let id: pid_t
    let parent: pid_t
    let isZombie: Bool
  }

  private static func all() -> [Status] {
    let names = (try? FolderListing.names(in: "/proc")) ?? []
    return names.compactMap { pid_t(String(decoding: $0, as: UTF8.self)).flatMap(status) }
  }

  /// Reads `id (name) state parent …`; the name may itself hold spaces and parentheses.
  private static func status(of id: pid_t) -> Status? {
    guard let bytes = try? WholeFile.read(FilePath("/proc/\(id)/stat")),
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard fields.count >= 2, let parent = pid_t(String(decoding: fields[1], as: UTF8.self)) else { return nil }
    return Status(id: id, parent: parent, isZombie: fields[0].first == UInt8(ascii: "Z"))
  }
}
