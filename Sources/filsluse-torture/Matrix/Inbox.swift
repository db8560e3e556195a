import FoundationEssentials
import SystemPackage
import TriggerFiles

/// The receiver's folder as the receiver's own program uses it: it takes out what came, and knows what it wants.
struct Inbox {
  private let folder: FilePath

  init(_ folder: FilePath) { self.folder = folder }

  /// Takes a round's files out and compares them with what was sent.
  func takeOut(_ cargo: Cargo) -> [Finding] {
    var findings: [Finding] = []
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
    for wanted in cargo.names {
      let found = names.filter { name in
        name.hasPrefix(cargo.prefix) && name.hasSuffix(".metadata") && fileName(in: name) == wanted
      }.map { String($0.dropLast(".metadata".count)) }
      if found.isEmpty { findings.append(Finding(kind: .lost, what: wanted)) }
      if found.count > 1 { findings.append(Finding(kind: .doubled, what: found.joined(separator: ", "))) }
      for name in found {
        if FileManager.default.contents(atPath: folder.appending(name).string) != cargo.content(of: wanted) {
          findings.append(Finding(kind: .damaged, what: name))
        }
        for file in [name, name + ".metadata"] {
          try? FileManager.default.removeItem(atPath: folder.appending(file).string)
        }
      }
    }
    return findings
  }

  private func fileName(in metadata: String) -> String? {
    guard let bytes = FileManager.default.contents(atPath: folder.appending(metadata).string) else { return nil }
    return try? FileMetadata(reading: [UInt8](bytes)).fileDescriptor.fileName
  }
}

/// What `filsluse receive --json` says.
struct ReceiveOutput {
  private struct Account: Decodable {
    struct Line: Decodable { let name: String }
    struct Problem: Decodable { let message: String }
    let quarantined: [Line]
    let problems: [Problem]
  }

  /// Whether it ended by itself, and had nothing to complain of but what is not ours.
  let hasOnlyForeignProblems: Bool

  init(_ outcome: Command.Outcome) {
    guard case .exited = outcome.status,
      let accounts = try? JSONDecoder().decode([Account].self, from: Data(outcome.output.utf8))
    else {
      hasOnlyForeignProblems = false
      return
    }
    hasOnlyForeignProblems = accounts.allSatisfy { account in
      account.quarantined.allSatisfy { $0.name.hasPrefix(ForeignThings.prefix) }
        && account.problems.allSatisfy { $0.message.contains(ForeignThings.prefix) }
    }
  }
}
