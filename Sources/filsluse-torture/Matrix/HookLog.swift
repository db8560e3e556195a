import ExchangeSettings
import FoundationEssentials
import SystemPackage

/// A program that takes over what comes, and writes down what it was given: once for each time it was run.
struct HookLog {
  private let program: FilePath
  private let log: FilePath
  /// The route by which its answers go back, if it gives any.
  private let answerBy: String?

  /// Writes the program into a folder.
  init(in folder: FilePath, answerBy route: String? = nil) throws {
    answerBy = route
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    program = folder.appending("take-over")
    log = folder.appending("taken-over")
    // One short line at the end of a file is written whole or not at all.
    let text = """
      #!/bin/sh
      set -- $(sha256sum < "$FILSLUSE_PATH")
      [ "$1" = "$FILSLUSE_SHA256" ] || set -- "not-the-hash-it-was-told"
      echo "$FILSLUSE_FILE_TRANSFER_UUID $1" >> '\(log)'
      \(route == nil ? "" : #"echo '{"acceptance": "ACCEPTED"}'"#)

      """
    try Data(text.utf8).write(to: URL(filePath: program.string))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.string)
  }

  /// The program as the settings name it.
  var hook: ArrivalHook { ArrivalHook(command: [program.string], answerBy: answerBy) }

  /// The number of times that the program was run for each transfer, with the content that it was to have.
  func runs() -> [String: Int] {
    guard let text = try? String(contentsOfFile: log.string, encoding: .utf8) else { return [:] }
    var runs: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[1].utf8.count == 64 { runs[String(words[0]), default: 0] += 1 }
    }
    return runs
  }

  /// The hashes of the content that was there when the program was run for a transfer, one for each time.
  func contents(of transfer: String) -> [String] {
    guard let text = try? String(contentsOfFile: log.string, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.count == 2 && words[0] == transfer ? String(words[1]) : nil
    }
  }
}
