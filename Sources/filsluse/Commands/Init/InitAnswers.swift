import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

/// The answers to the questions of `filsluse init`, and the files written from them. Both are saved at once, so that an
/// interrupted command can continue; the file is removed at the end. Values of a trial never get into a real set-up,
/// nor those of external test into production.
struct InitAnswers {
  /// The file's name in the folder being set up.
  static let fileName = ".filsluse-init.json"

  /// The content of the file.
  private struct Kept: Codable {
    var answers: [String: String]
    var port: UInt16?
    var files: [String: [SHA256Digest]]
    var language: ReportLanguage?
  }

  private(set) var texts: [InitQuestion: String] = [:]
  /// The port; `nil` if none was given.
  var port: UInt16?
  /// The digests of all that was written under a file's name, the newest last.
  private var written: [String: [SHA256Digest]] = [:]
  /// The language of the files that are written: that of the first command, so that the same answers give the same
  /// files.
  private(set) var fileLanguage: ReportLanguage
  private let file: FilePath
  private let language: ReportLanguage

  /// True for the local platform as the server.
  var isTrial: Bool { texts[.host] == TrialValues.host }

  /// The answers that are the same ones for another server.
  private static let ofEveryServer: Set<InitQuestion> = [.authority, .receiver, .municipality, .contact]

  /// Joins the answers of an earlier command in a folder with the given ones.
  ///
  /// - Throws: `CommandFailure` for all invalid answers at once, and if an earlier command has begun a set-up for a
  ///   server that shares nothing with the given one.
  init(
    in folder: FilePath, given: [InitQuestion: String], port: UInt16?, language: ReportLanguage
  ) throws(CommandFailure) {
    (self.language, fileLanguage) = (language, language)
    file = folder.appending(Self.fileName)
    if InputFile.exists(file) {
      guard let kept = Self.kept(in: try InputFile.read(file, upTo: 1 << 20)) else {
        throw CommandFailure(
          .badData, LocalizedText("\(file) holds no answers", "\(file) rummer ingen svar"),
          remedy: LocalizedText("remove it to begin anew", "fjern den for at begynde forfra"), in: language)
      }
      try take(kept, insteadOf: given[.host])
    }
    texts.merge(given) { $1 }
    self.port = port ?? self.port
    let problems = InitQuestion.allCases.compactMap { question in
      texts[question].flatMap { question.problem(with: $0) }.map { "--\(question.rawValue): \($0[language])" }
    }
    guard problems.isEmpty else { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
  }

  /// Takes over the answers of an earlier command; for another server, only those that do not depend on the server.
  private mutating func take(_ kept: Kept, insteadOf wanted: String?) throws(CommandFailure) {
    for (name, text) in kept.answers { if let question = InitQuestion(rawValue: name) { texts[question] = text } }
    (port, written) = (kept.port, kept.files)
    fileLanguage = kept.language ?? fileLanguage
    guard let wanted, let begun = texts[.host], Self.server(wanted) != Self.server(begun) else { return }
    let environments = Set([wanted, begun].compactMap { ExchangeEnvironment(host: Self.server($0)) })
    guard wanted != TrialValues.host, begun != TrialValues.host, environments.count < 2 else {
      let message = LocalizedText(
        "a set-up with \(begun) was begun here, and one with \(wanted) has a key and UUIDs of its own: name another --directory, or remove \(file) and all that was made here, the key too",
        "en opsætning med \(begun) er begyndt her, og en med \(wanted) har sin egen nøgle og egne UUID'er: angiv en anden --directory, eller fjern \(file) og alt, der er lavet her, også nøglen"
      )
      throw CommandFailure(.badData, Printable.text(message[language]))
    }
    texts = texts.filter { Self.ofEveryServer.contains($0.key) }
    port = nil
  }

  /// The name of the server that an answer means.
  private static func server(_ answer: String) -> String {
    ExchangeEnvironment(rawValue: answer)?.host ?? answer
  }

  /// Reads the content of the file; earlier versions stored only the answers.
  private static func kept(in bytes: [UInt8]) -> Kept? {
    let (decoder, data) = (JSONDecoder(), Data(bytes))
    if let kept = try? decoder.decode(Kept.self, from: data) { return kept }
    guard let answers = try? decoder.decode([String: String].self, from: data) else { return nil }
    return Kept(answers: answers, port: nil, files: [:], language: nil)
  }

  /// Asks the unanswered questions, or uses the default answers in a trial and where nobody can be asked.
  ///
  /// - Throws: `CommandFailure` if a required answer is missing.
  mutating func complete(with dialogue: Dialogue?) throws(CommandFailure) {
    // A trial leaves nothing open.
    if isTrial { texts = texts.filter { !$0.value.isEmpty } }
    for question in InitQuestion.allCases where texts[question] == nil {
      let standard = question.standard(texts)
      guard let dialogue, !isTrial else {
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

  /// The digests of all that was written under a file's name, the newest last.
  func digests(of name: String) -> [SHA256Digest] { written[name] ?? [] }

  /// Keeps the digest of a text that is about to be written under a file's name.
  mutating func keep(_ digest: SHA256Digest, of name: String) throws(CommandFailure) {
    if written[name]?.last != digest { written[name, default: []].append(digest) }
    try keep()
  }

  /// Removes the file: everything is written elsewhere.
  static func forget(in folder: FilePath) { unlink(folder.appending(fileName).string) }

  private func keep() throws(CommandFailure) {
    let answers = Dictionary(uniqueKeysWithValues: texts.map { ($0.key.rawValue, $0.value) })
    do {
      let text = try JSONText(pretty: true).text(
        Kept(answers: answers, port: port, files: written, language: fileLanguage))
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
  func setUp(fingerprints: [KeyFingerprint]) -> SetUp {
    func answer(_ question: InitQuestion) -> String? { texts[question].flatMap { $0.isEmpty ? nil : $0 } }
    let user = answer(.user) ?? ""
    return SetUp(
      host: Self.server(answer(.host) ?? ""), port: port ?? 22, user: user,
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

  /// Repeats a question until the answer is valid.
  ///
  /// - Throws: `CommandFailure` at the end of input; earlier answers are kept.
  func ask(
    _ prompt: LocalizedText, standard: String?, problem: (String) -> LocalizedText?
  ) throws(CommandFailure) -> String {
    while true {
      let offered = standard.map { $0.isEmpty ? LocalizedText(" [later]", " [senere]") : LocalizedText(" [\($0)]") }
      Output.note((prompt + (offered ?? LocalizedText("")))[language] + ":")
      guard let line = readLine() else {
        throw CommandFailure(
          .notDoneYet, LocalizedText("stopped", "stoppet"),
          remedy: LocalizedText(
            "the same command goes on with the questions that are left",
            "samme kommando går videre med de spørgsmål, der er tilbage"), in: language)
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
