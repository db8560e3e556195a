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

  private static func failure(_ word: String, in group: String?, _ known: [String]) -> CommandFailure {
    let place = group.map { "\($0) has" } ?? "there is"
    let line = "filsluse\(group.map { " \($0)" } ?? "")"
    let meant = NearestName.to(word, among: known).map { "did you mean “\($0)”? " } ?? ""
    return CommandFailure(
      .usage,
      Printable.text("\(place) no command “\(word)”; \(meant)there are \(known.joined(separator: ", "))")
        + "\nUsage: \(line) <subcommand>; \(line) --help tells what each does")
  }
}
