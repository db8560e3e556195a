import FoundationEssentials
import Glibc
import SystemPackage

/// Waits until a condition holds, for so long at the most; a task that was kept waiting longer looks once more.
func eventually(within limit: Duration = .seconds(30), _ condition: () throws -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + limit
  while try !condition() {
    guard ContinuousClock.now < deadline else { return false }
    try await Task.sleep(for: .milliseconds(10))
  }
  return true
}

extension FilePath {
  var exists: Bool { access(string, F_OK) == 0 }

  /// The names in the folder, sorted.
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: string).sorted() }

  func text() throws -> String { try String(contentsOfFile: string, encoding: .utf8) }

  func bytes() throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: string))) }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Writes under a name that no reader looks for, then renames, as a careful client does.
  func write(_ bytes: [UInt8]) throws {
    let temporary = FilePath(string + ".filepart")
    let file = try FileDescriptor.open(
      temporary, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
    _ = try file.closeAfter { try file.writeAll(bytes) }
    guard rename(temporary.string, string) == 0 else { throw TestSocketError(call: "rename", number: errno) }
  }
}

/// True if there is a process with this number that is more than a zombie.
func isRunning(_ process: pid_t) -> Bool {
  guard let state = (try? FilePath("/proc/\(process)/stat").text())?.split(separator: ") ").last?.first else {
    return false
  }
  return state != "Z"
}
