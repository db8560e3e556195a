import ArgumentParser
import TriggerFiles

/// Checks the subcommands before the argument parser does: for an unknown one with `help` or `--help`, the parser shows
/// the help of the parent command and suggests nothing.
enum Subcommands {
  /// Refuses an unknown subcommand, and suggests a similar one.
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

  /// Returns the words of the called command, such as `journal list`; `filsluse` without any.
  static func name(in arguments: [String], of root: any ParsableCommand.Type) -> String {
    let words = command(in: arguments, of: root).words
    return words.isEmpty ? "filsluse" : words.joined(separator: " ")
  }

  /// The command that was called, and its words.
  static func command(
    in arguments: [String], of root: any ParsableCommand.Type
  ) -> (type: any ParsableCommand.Type, words: [String]) {
    var command = root
    var words: [String] = []
    for word in arguments {
      guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
      command = next
      words.append(word)
    }
    return (command, words)
  }

  /// Returns the arguments without a `--language` before the command or beside `help`: the language is already known,
  /// and the parser accepts the option only after single commands.
  static func withoutLanguage(_ arguments: [String], of root: any ParsableCommand.Type) -> [String] {
    var command = root
    var kept: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if kept.first == "help" || !command.configuration.subcommands.isEmpty {
        if word == "--language", let value = rest.first, ReportLanguage(rawValue: value) != nil {
          rest.removeFirst()
          continue
        }
        if word.hasPrefix("--language="), OutputLanguage.named(in: [word]) != nil { continue }
      }
      kept.append(word)
      command = command.configuration.subcommands.first { $0._commandName == word } ?? command
    }
    return kept
  }

  private static func failure(_ word: String, in group: String?, _ known: [String]) -> CommandFailure {
    let line = "filsluse\(group.map { " \($0)" } ?? "")"
    let there = group.map { LocalizedText("\($0) has", "\($0) har") } ?? LocalizedText("there is", "der er")
    let meant = NearestName.to(word, among: known).map { NearestName.question($0) + LocalizedText(" ") }
    let all = known.joined(separator: ", ")
    let text =
      there + LocalizedText(" no command “\(word)”; ", " ingen kommando „\(word)“; ") + (meant ?? LocalizedText(""))
      + LocalizedText("there are \(all)", "der er \(all)")
    let usage = LocalizedText("Usage: \(line) <subcommand>", "Brug: \(line) <kommando>")
    let remedy = LocalizedText(
      "\(line) --help shows what each does", "\(line) --help viser, hvad hver af dem gør")
    return CommandFailure(.usage, "\(Printable.text(text.shown))\n\(usage.shown)", remedy: remedy.shown)
  }
}

/// A command with words of the form NAME=VALUE.
protocol TakesAssignments: ParsableCommand {
  /// The names that the words can have.
  static var assignedNames: [String] { get }
}

/// An option that a command does not have. The argument parser looks for such options after the command has checked its
/// values, and knows only other options that may be meant.
struct UnknownOption {
  /// The parser's own words for it, with what was meant.
  let message: String

  /// The first unknown option among arguments; `nil` where there is none, or where the parser has said enough about it.
  ///
  /// - Parameters:
  ///   - command: the command that was called.
  ///   - root: the command that all others belong to.
  ///   - reason: the parser's message.
  init?(
    in arguments: [String], of command: any ParsableCommand.Type, under root: any ParsableCommand.Type,
    besides reason: String
  ) {
    let begin = "Unknown option '"
    let isGroup = !command.configuration.subcommands.isEmpty
    let help = root.helpMessage(for: command, includeHidden: true, columns: 10_000).split(separator: "\n")
    // The parser knows no option of a command with subcommands, which takes --language all the same.
    let known =
      help.filter { $0.hasPrefix("  -") }.flatMap { line in
        line.split { " ,/".contains($0) }.prefix { $0.hasPrefix("-") }.map { String($0) }
      } + (isGroup ? ["--language"] : [])
    let named = reason.hasPrefix(begin) ? String(reason.dropFirst(begin.count).prefix { $0 != "'" }) : nil
    let given = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
    let names = given.map { String($0.prefix { $0 != "=" }) }
    guard let unknown = named ?? names.first(where: { !known.contains($0) && !Self.builtIn($0) }),
      unknown.hasPrefix("--")
    else { return nil }
    let value = Self.value(of: unknown, in: arguments)
    let places = help.filter { $0.hasPrefix("  <") }.map { String($0.dropFirst(3).prefix { $0 != ">" }) }
    let option = NearestName.to(unknown, among: known.filter { $0.hasPrefix("--") })
    let word = Self.word(for: String(unknown.dropFirst(2)), value, of: command, places)
    // The parser names an option that is near by itself.
    if named != nil, word == nil, !isGroup || reason.contains("Did you mean") { return nil }
    message = "\(begin)\(unknown)'" + ((word ?? option.map { "'\($0)'" }).map { ". Did you mean \($0)?" } ?? "")
  }

  /// The word that an option was meant as: NAME=VALUE, or an argument without a name.
  private static func word(
    for name: String, _ value: String?, of command: any ParsableCommand.Type, _ places: [String]
  ) -> String? {
    if let command = command as? any TakesAssignments.Type,
      let meant = NearestName.to(name, among: command.assignedNames)
    {
      return "'\(meant)=\(value ?? "VALUE")'"
    }
    let isPlace = places.contains { $0 == name || $0 == "\(name)s" || "\($0)s" == name }
    return isPlace ? "'\(value ?? "VALUE")', without '--\(name)'" : nil
  }

  /// The value that follows an option among arguments.
  private static func value(of option: String, in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if argument.hasPrefix("\(option)=") { return String(argument.dropFirst(option.count + 1)) }
      if argument == option { return arguments[(index + 1)...].first.flatMap { $0.hasPrefix("-") ? nil : $0 } }
    }
    return nil
  }

  /// True for the options of the argument parser itself, which no help lists.
  private static func builtIn(_ name: String) -> Bool {
    ["--help", "--version", "--help-hidden", "--generate-completion-script", "--experimental-dump-help"].contains(name)
  }
}
