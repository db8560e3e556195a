import FilsluseBase
import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

/// The log of open transfers, a file that is only appended to: one line of JSON per step.
///
/// A step's line is durable before the step's effect begins, so that after a `kill -9` the next start knows the state
/// of each transfer.
final class RouterLog {
  /// A step of a transfer.
  enum Step: Codable, Equatable {
    /// A complete pair is in the sender's OUT under this name and is about to be taken.
    case take(sender: String, name: WireName)
    /// It goes to these systems; every file to be delivered is prepared.
    case distribute(recipients: [String])
    /// It goes to no recipient; the receipt is prepared.
    case refuse([Refusal])
    /// Everything is delivered.
    case finish
    /// The sender took the trigger back before it could be taken.
    case drop
  }

  private struct Line: Codable {
    let at: String
    let transfer: String
    let step: Step
  }

  /// A transfer that is not finished.
  struct Open {
    let transfer: String
    let sender: String
    let name: WireName
    /// The recipients, once they are decided; empty when the transfer is refused.
    var recipients: [String]?
  }

  /// The transfers that were open when the log was opened, oldest first.
  private(set) var open: [Open] = []
  /// The transfers that were finished or dropped before.
  private(set) var closed: Set<String> = []
  private let descriptor: Int32
  private let path: FilePath

  /// Opens the journal and reads what is in hand; a last line that was cut short by a crash is removed.
  init(_ path: FilePath) throws(PlatformError) {
    self.path = path
    let bytes = try WholeFile.read(path, limit: 1 << 30) ?? []
    descriptor = Glibc.open(path.string, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .file(errno, .write, path) }
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    guard whole == bytes.count || ftruncate(descriptor, off_t(whole)) == 0 else {
      throw .file(errno, .truncate, path)
    }
    for (number, line) in bytes[..<whole].split(separator: UInt8(ascii: "\n")).enumerated() {
      do {
        apply(try JSONDecoder().decode(Line.self, from: Data(line)))
      } catch {
        throw PlatformError(
          .fileTrouble,
          LocalizedText(
            "line \(number + 1) of the router's journal cannot be read: \(error)",
            "linje \(number + 1) i routerens journal kan ikke læses"),
          remedy: LocalizedText(
            "restore it, or begin with a new platform folder",
            "gendan den, eller begynd med en ny mappe til platformen"), path: path)
      }
    }
  }

  deinit { close(descriptor) }

  /// Appends steps and makes them durable together.
  func append(_ steps: [(transfer: String, step: Step)]) throws(PlatformError) {
    guard !steps.isEmpty else { return }
    var bytes: [UInt8] = []
    do {
      for (transfer, step) in steps {
        let line = Line(at: Timestamp.now.description, transfer: transfer, step: step)
        bytes += try JSONText().text(line).utf8
        bytes.append(UInt8(ascii: "\n"))
      }
    } catch {
      throw PlatformError(
        .fileTrouble, LocalizedText("a step cannot be recorded: \(error)", "et trin kan ikke skrives ned"),
        remedy: LocalizedText("report it, please", "meld det gerne som en fejl"), path: path)
    }
    try WholeFile.writeAll(bytes, to: descriptor, path: path)
    guard fdatasync(descriptor) == 0 else { throw .file(errno, .makeDurable, path) }
  }

  private func apply(_ line: Line) {
    switch line.step {
    case .take(let sender, let name):
      open.append(Open(transfer: line.transfer, sender: sender, name: name, recipients: nil))
    case .distribute(let recipients): decide(line.transfer, recipients)
    case .refuse: decide(line.transfer, [])
    case .finish, .drop:
      open.removeAll { $0.transfer == line.transfer }
      closed.insert(line.transfer)
    }
  }

  private func decide(_ transfer: String, _ recipients: [String]) {
    if let index = open.lastIndex(where: { $0.transfer == transfer }) { open[index].recipients = recipients }
  }
}
