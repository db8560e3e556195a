import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

/// The answers to the questions of `filsluse init`. Each is kept in a file at once, so that a dialogue that is stopped goes
/// on; the file goes when all is written.
struct InitAnswers {
  /// The file's name in the folder that is set up.
  static let fileName = ".filsluse-init.json"

  private(set) var texts: [InitQuestion: String]
  private let file: FilePath
  private let language: ReportLanguage

  /// Takes up the answers of an earlier dialogue in a folder, and those that are given.
  ///
  /// - Throws: `CommandFailure` for answers that are none, all of them at once.
  init(in folder: FilePath, given: [InitQuestion: String], language: ReportLanguage) throws(CommandFailure) {
    self.language = language
    file = folder.appending(Self.fileName)
    texts = [:]
    if InputFile.exists(file) {
      let bytes = try InputFile.read(file, upTo: 1 << 16)
      guard let kept = try? JSONDecoder().decode([String: String].self, from: Data(bytes)) else {
        let message = LocalizedText(
          "\(file) holds no answers; remove it to begin anew",
          "\(file) rummer ingen svar; fjern den for at begynde forfra")
        throw CommandFailure(.badData, Printable.text(message[language]))
      }
      for (name, text) in kept { if let question = InitQuestion(rawValue: name) { texts[question] = text } }
    }
    texts.merge(given) { $1 }
    let problems = InitQuestion.allCases.compactMap { question in
      texts[question].flatMap { question.problem(with: $0) }.map { "--\(question.rawValue): \($0[language])" }
    }
    guard problems.isEmpty else { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
  }

  /// Asks what is not answered yet, or takes the standard answers where nobody can be asked.
  ///
  /// - Throws: `CommandFailure` where an answer is missing that must be given.
  mutating func complete(with dialogue: Dialogue?) throws(CommandFailure) {
    for question in InitQuestion.allCases where texts[question] == nil {
      let standard = question.standard(texts)
      guard let dialogue else {
        guard let standard else {
          let message = LocalizedText(
            "give --\(question.rawValue), or run it on a terminal to be asked",
            "angiv --\(question.rawValue), eller kør den i en terminal for at blive spurgt")
          throw CommandFailure(.usage, message[language])
        }
        texts[question] = standard
        continue
      }
      texts[question] = try dialogue.ask(question.prompt, standard: standard) { question.problem(with: $0) }
      try keep()
    }
  }

  /// Removes the file: everything is written elsewhere.
  static func forget(in folder: FilePath) { unlink(folder.appending(fileName).string) }

  private func keep() throws(CommandFailure) {
    let answers = Dictionary(uniqueKeysWithValues: texts.map { ($0.key.rawValue, $0.value) })
    do {
      let text = try JSONText(pretty: true).text(answers)
      try NewFile.write(to: file, replacing: true, permissions: 0o600) { file, _ in
        _ = try file.writeAll(Array(text.utf8))
      }
    } catch {
      let reason = (error as? NewFileError)?.shown ?? "\(error)"
      let message = LocalizedText(
        "the answers cannot be kept in \(file): \(reason)", "svarene kan ikke gemmes i \(file): \(reason)")
      throw CommandFailure(.localIO, Printable.text(message[language]))
    }
  }

  /// The set-up that the answers describe.
  func setUp(port: UInt16, fingerprints: [String]) -> SetUp {
    func answer(_ question: InitQuestion) -> String? { texts[question].flatMap { $0.isEmpty ? nil : $0 } }
    let host = answer(.host) ?? ""
    let user = answer(.user) ?? ""
    return SetUp(
      host: ExchangeEnvironment(rawValue: host).map { SetUp.host(of: $0) } ?? host, port: port, user: user,
      keyFile: FilePath(answer(.key) ?? "keys/\(user)"), fingerprints: fingerprints,
      itSystem: answer(.itSystem).flatMap { try? SystemID($0) },
      authority: answer(.authority).flatMap { try? CVRNumber($0) },
      infRef: answer(.infref).flatMap { try? InfRef($0, register: []) }, receiver: answer(.receiver) ?? "flis",
      recipientITSystem: answer(.recipientITSystem).flatMap { try? SystemID($0) },
      authorities: InitQuestion.municipalities(answer(.municipality) ?? "").compactMap { SetUp.Authority($0) },
      contact: answer(.contact))
  }
}

/// Questions to the person at the terminal, and their answers.
struct Dialogue {
  private let language: ReportLanguage

  /// `nil` where standard input or standard error is no terminal.
  init?(in language: ReportLanguage) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
    self.language = language
  }

  /// Asks until the answer is one.
  ///
  /// - Throws: `CommandFailure` at the end of input: what was answered before is kept.
  func ask(
    _ prompt: LocalizedText, standard: String?, problem: (String) -> LocalizedText?
  ) throws(CommandFailure) -> String {
    while true {
      let offered = standard.map { $0.isEmpty ? LocalizedText(" [later]", " [senere]") : LocalizedText(" [\($0)]") }
      Output.note((prompt + (offered ?? LocalizedText("")))[language] + ":")
      guard let line = readLine() else {
        let message = LocalizedText(
          "stopped; the same command goes on with the questions that are left",
          "stoppet; samme kommando går videre med de spørgsmål, der er tilbage")
        throw CommandFailure(.notDoneYet, message[language])
      }
      let text = line.trimmed
      let answer = text.isEmpty ? standard ?? "" : text
      guard let problem = problem(answer) else { return answer }
      Output.note(problem[language])
    }
  }

  /// Asks whether something is so; only the whole word counts as a yes.
  func confirms(_ question: LocalizedText) throws(CommandFailure) -> Bool {
    let answer = try ask(
      question + LocalizedText(" (yes or no)", " (ja eller nej)"), standard: nil
    ) { text in
      ["yes", "ja", "no", "nej"].contains(text.lowercased())
        ? nil : LocalizedText("write yes or no", "skriv ja eller nej")
    }
    return ["yes", "ja"].contains(answer.lowercased())
  }
}

extension String {
  /// The text without white space around it.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
  }
}
