import FilsluseBase
import FoundationEssentials
import SystemPackage
import TriggerFiles

/// The receiver's folder as the receiver's own program uses it: it takes out what came, and knows what it wants.
struct Inbox {
  private let folder: FilePath

  init(_ folder: FilePath) { self.folder = folder }

  /// Takes a round's files out and compares them with what was sent, and with what the hook was given.
  func takeOut(_ payload: Payload, hook: HookLog?, transfers: inout [String: String]) -> [Finding] {
    var findings: [Finding] = []
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
    for wanted in payload.names {
      let found = names.compactMap { name -> (name: String, transfer: String)? in
        guard name.hasPrefix(payload.prefix), name.hasSuffix(".metadata"), let metadata = metadata(name),
          metadata.fileDescriptor.fileName == wanted
        else { return nil }
        return (String(name.dropLast(".metadata".count)), metadata.fileTransferUUID)
      }
      if found.isEmpty { findings.append(Finding(kind: .lost, what: wanted)) }
      if found.count > 1 {
        findings.append(Finding(kind: .doubled, what: found.map(\.name).joined(separator: ", ")))
      }
      let content = payload.content(of: wanted)
      for (name, transfer) in found {
        transfers[wanted] = transfer
        if FileManager.default.contents(atPath: folder.appending(name).string) != content {
          findings.append(Finding(kind: .damaged, what: name))
        }
        if let hook { findings += look(at: hook.contents(of: transfer), of: wanted, content) }
        if !names.contains(name + ".metadata") {
          findings.append(Finding(kind: .lost, what: "the metadata of the answer \(name)"))
        }
        for file in [name, name + ".metadata"] {
          try? FileManager.default.removeItem(atPath: folder.appending(file).string)
        }
      }
    }
    return findings
  }

  /// Takes out the business receipts that answer a round's files: one for each.
  func takeOutAnswers(to transfers: [String: String]) -> [Finding] {
    var findings: [Finding] = []
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
    var answers: [String: Int] = [:]
    for name in names where name.hasPrefix(Self.answerPrefix) && !name.hasSuffix(".metadata") {
      let bytes = FileManager.default.contents(atPath: folder.appending(name).string) ?? Data()
      if let answer = try? BusinessReceipt(reading: [UInt8](bytes)), answer.fileAcceptance == .accepted,
        transfers[answer.fileName] == answer.fileTransferUUID
      {
        answers[answer.fileName, default: 0] += 1
      } else {
        findings.append(Finding(kind: .damaged, what: name))
      }
      for file in [name, name + ".metadata"] {
        try? FileManager.default.removeItem(atPath: folder.appending(file).string)
      }
    }
    for name in transfers.keys.sorted() where answers[name] != 1 {
      findings.append(Finding(kind: answers[name] == nil ? .lost : .doubled, what: "the answer to \(name)"))
    }
    return findings
  }

  private static let answerPrefix = "business-receipt-"

  /// Returns true for the marker of an arrival that has long been placed: a loss of power may bring one back. It
  /// does no harm, because it belongs to that transfer alone, and the journal knows where the file is.
  static func isOldWitness(_ name: String) -> Bool { name.hasSuffix(".whole") }

  /// Returns the number of answers in a folder.
  static func answers(in folder: FilePath) -> Int {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []).filter {
      $0.hasPrefix(answerPrefix) && $0.hasSuffix(".metadata")
    }.count
  }

  /// The hook runs at least once for each transfer, and finds the whole file each time.
  private func look(at runs: [String], of name: String, _ content: Data) -> [Finding] {
    if runs.isEmpty { return [Finding(kind: .hookMissed, what: name)] }
    let hash = SHA256.digest(of: [UInt8](content)).hex
    return runs.contains { $0 != hash } ? [Finding(kind: .damaged, what: "\(name), when its hook ran")] : []
  }

  private func metadata(_ name: String) -> FileMetadata? {
    guard let bytes = FileManager.default.contents(atPath: folder.appending(name).string) else { return nil }
    return try? FileMetadata(reading: [UInt8](bytes))
  }
}

/// The output of `filsluse receive --json`.
struct ReceiveOutput {
  private struct Account: Decodable {
    struct Line: Decodable { let name: String }
    struct Problem: Decodable { let message: String }
    let quarantined: [Line]
    let problems: [Problem]
  }

  /// True if it ended by itself, and complained only about foreign files.
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
