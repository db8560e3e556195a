internal import SystemPackage
internal import TriggerFiles
internal import Yams

/// Programs that the settings name, to be run without a shell.
extension SettingsReader {
  /// A program and its arguments. A program with a slash in it starts at the settings file's folder like any path; one
  /// without is looked for in `PATH`.
  func command(_ entry: Entry) -> [String]? {
    let expected = "a list of the program and its arguments"
    guard var words = each(entry, expected, word), let program = words.first else { return nil }
    // Written as a single text, it may be meant for a shell.
    if case .scalar = entry.node, program.contains(where: \.isWhitespace) {
      entry.report(
        .badValue, "found \(Entry.shown(program)), expected \(expected): no shell splits it into words",
        remedy: "write a list: [PROGRAM, ARGUMENT]")
      return nil
    }
    if program.utf8.contains(UInt8(ascii: "/")) {
      guard let path = LocalPath.resolve(program, in: source.removingLastComponent()) else {
        let trouble = LocalPath.troubleWithHome(program)
        entry.report(
          .badValue,
          "found \(Entry.shown(program)), \(trouble.map { "but \($0)" } ?? "expected the path of a program")",
          remedy: trouble.map { _ in "set HOME to the user's home, or write the whole path" })
        return nil
      }
      // A path stays one where the settings lie in the working folder.
      words[0] = path.string.utf8.contains(UInt8(ascii: "/")) ? path.string : "./\(path.string)"
    }
    return words
  }

  private func word(_ entry: Entry) -> String? {
    entry.value("a word without NUL characters") { $0.unicodeScalars.contains("\0") ? nil : $0 }
  }

  func arrivalHook(_ entry: Entry) -> ArrivalHook? {
    guard let section = Section(entry, keys: ["run", "timeout", "tries", "answer-by"]) else { return nil }
    let command = section.required("run", "the program and its arguments").flatMap(self.command)
    let timeout = section["timeout"].map(period) ?? .seconds(600)
    let tries = section["tries"].map { entry in
      entry.value("a number from 1 to 1000") { Int($0).flatMap { (1...1000).contains($0) ? $0 : nil } }
    }
    let answerBy = section["answer-by"].map(routeName)
    guard let command, let timeout, tries != .some(nil), answerBy != .some(nil) else { return nil }
    return ArrivalHook(
      command: command, timeout: timeout, tries: (tries ?? nil) ?? 10, answerBy: answerBy ?? nil)
  }

  private func routeName(_ entry: Entry) -> String? {
    guard let name = entry.text("the name of a route") else { return nil }
    guard routeNames.contains(name) else {
      let known = routeNames.isEmpty ? "one under routes:" : routeNames.map(Entry.shown).joined(separator: ", ")
      entry.report(
        .unknownReference, "found \(Entry.shown(name)), expected one of the routes \(known)",
        remedy: NearestName.to(name, among: routeNames).map { "did you mean \"\($0)\"?" } ?? "add the route")
      return nil
    }
    return name
  }
}
