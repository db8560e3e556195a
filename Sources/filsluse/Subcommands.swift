import ArgumentParser
import TriggerFiles

/// The words in the place of a subcommand, looked at before anything else: the argument parser answers `help` and
/// `--help` beside an unknown one with the help of what it knows, and proposes nothing.
enum Subcommands {
  /// Refuses a word that is no subcommand, and says which is near it.
  ///
  /// - Throws: `CommandFailure` with `usage`.
  static func check(
    _ arguments: [String], of root: any ParsableCommand.Type
  ) throws(CommandFailure) {
    var rest = arguments[...]
    if rest.first == "help" { rest.removeFirst() }
    var command = root
    var group: String?
    while true {
      let known = command.configuration.subcommands
      while let word = rest.first, ["-h", "--help", "--version"].contains(word) { rest.removeFirst() }
      // What begins with a hyphen, such as a question of the shell's completion, is the parser's.
      guard !known.isEmpty, let word = rest.popFirst(), !word.hasPrefix("-") else { return }
      guard let next = known.first(where: { $0._commandName == word || $0.configuration.aliases.contains(word) }) else {
        throw failure(word, in: group, known.map { $0._commandName })
      }
      command = next
      group = word
    }
  }

  /// The words of the command that was called, such as `journal list`; `filsluse` alone where there are none.
  static func name(in arguments: [String], of root: any ParsableCommand.Type) -> String {
    var command = root
    var words: [String] = []
    for word in arguments {
      guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
      command = next
      words.append(word)
    }
    return words.isEmpty ? "filsluse" : words.joined(separator: " ")
  }

  private static func failure(_ word: String, in group: String?, _ known: [String]) -> CommandFailure {
    let line = "filsluse\(group.map { " \($0)" } ?? "")"
    let there = group.map { LocalizedText("\($0) has", "\($0) har") } ?? LocalizedText("there is", "der er")
    let meant = NearestName.to(word, among: known).map { NearestName.question($0) + LocalizedText(" ") }
    let all = known.joined(separator: ", ")
    let text =
      there + LocalizedText(" no command “\(word)”; ", " ingen kommando „\(word)“; ") + (meant ?? LocalizedText(""))
      + LocalizedText("there are \(all)", "der er \(all)")
    let usage = LocalizedText(
      "Usage: \(line) <subcommand>; \(line) --help tells what each does",
      "Brug: \(line) <kommando>; \(line) --help fortæller, hvad hver af dem gør")
    return CommandFailure(.usage, "\(Printable.text(text.shown))\n\(usage.shown)")
  }
}
