internal import SystemPackage
internal import TriggerFiles
internal import Yams

extension RegisterLines {
  /// Reads `routes.yaml`: `templates:` from names to values, each with `receivers:` if it has any, and `routes:`, a
  /// list of values. The keys are the columns of `routes.csv`.
  init?(yaml text: String, log: RegisterLog, file: FilePath) {
    let problems = ProblemLog(file: file)
    let tree = YAMLTree(text, log: problems)
    for problem in problems.errors {
      log.report(
        .malformed, at: problem.line.map { SourcePosition(line: $0, column: problem.column ?? 1) },
        LocalizedText(problem.message, problem.messageInDanish ?? problem.message),
        problem.remedy.map { LocalizedText($0, problem.remedyInDanish ?? $0) }
          ?? LocalizedText("correct the line", "ret linjen"))
    }
    guard let tree, problems.errors.isEmpty else { return nil }
    withExtendedLifetime(tree) { read(tree.root, log) }
  }

  private mutating func read(_ root: Node, _ log: RegisterLog) {
    guard let keys = log.mapping(root, LocalizedText("templates: and routes:", "templates: og routes:")) else { return }
    for (key, value) in keys {
      switch key.scalar?.string {
      case "templates": readTemplates(value, log)
      case "routes": readRoutes(value, log)
      default:
        log.report(
          .unknownColumn, at: key.position,
          LocalizedText(
            "unknown key \(Entry.shown(key.scalar?.string ?? "")), expected templates or routes",
            "ukendt nøgle \(Entry.shown(key.scalar?.string ?? "")), forventede templates eller routes"),
          LocalizedText("remove it", "fjern den"))
      }
    }
  }

  private mutating func readTemplates(_ node: Node, _ log: RegisterLog) {
    if node.null != nil { return }
    guard let named = log.mapping(node, LocalizedText("templates by their names", "skabeloner ved navn")) else {
      return
    }
    for (key, value) in named {
      guard let name = log.name(key) else { continue }
      var template = RegisterTemplate(line: RegisterLine(position: key.position))
      template.line = log.line(value, at: key.position) { node in
        guard let receivers = log.mapping(node, LocalizedText("receivers by their names", "modtagere ved navn")) else {
          return
        }
        for (key, value) in receivers {
          guard let name = log.name(key) else { continue }
          template.receivers.append((name, log.line(value, at: key.position)))
        }
      }
      templates[name] = template
    }
  }

  private mutating func readRoutes(_ node: Node, _ log: RegisterLog) {
    if node.null != nil { return }
    guard case .sequence(let items) = node else {
      return log.report(
        .malformed, at: node.position,
        LocalizedText(
          "expected a list of routes, each behind a hyphen", "forventede en liste af ruter, hver efter en bindestreg"),
        LocalizedText("write - {name: …, template: …}", "skriv - {name: …, template: …}"))
    }
    for item in items { lines.append(log.line(item, at: item.position)) }
  }
}

extension RegisterLog {
  fileprivate func mapping(_ node: Node, _ expected: LocalizedText) -> Node.Mapping? {
    if case .mapping(let mapping) = node { return mapping }
    report(
      .malformed, at: node.position,
      LocalizedText("expected \(expected.en)", "forventede \(expected.da)"),
      LocalizedText("write keys with a colon behind them", "skriv nøgler med et kolon efter"))
    return nil
  }

  /// Returns the name of a key; reports a key that occurs twice.
  fileprivate func name(_ key: Node) -> String? {
    guard let text = key.scalar?.string else {
      report(
        .malformed, at: key.position,
        LocalizedText(
          "found a list or mapping as a key, expected a name", "fandt en liste som nøgle, forventede et navn"),
        LocalizedText("write a name", "skriv et navn"))
      return nil
    }
    guard let doubled = DoubledKeys.original(of: text) else { return text }
    report(
      .doubledColumn, at: key.position,
      LocalizedText("\(Entry.shown(doubled)) is there twice", "\(Entry.shown(doubled)) står der to gange"),
      LocalizedText("keep one of the two", "behold én af de to"))
    return nil
  }

  /// The line that a mapping from columns to values is.
  fileprivate func line(
    _ node: Node, at position: SourcePosition, receivers: (Node) -> Void = { _ in }
  ) -> RegisterLine {
    var line = RegisterLine(position: position)
    guard let mapping = mapping(node, LocalizedText("columns with their values", "kolonner med værdier")) else {
      return line
    }
    for (key, value) in mapping {
      guard let name = name(key) else { continue }
      if name == "receivers" {
        receivers(value)
      } else if let column = RegisterColumn(rawValue: name) {
        line.cells[column] = cell(value)
      } else {
        reportUnknownColumn(name, at: key.position)
      }
    }
    return line
  }

  private func cell(_ node: Node) -> RegisterCell? {
    let texts: [String]
    switch node {
    case .scalar(let scalar): texts = [scalar.string]
    case .sequence(let items): texts = items.compactMap(\.scalar?.string)
    case .mapping, .alias:
      report(
        .badValue, at: node.position,
        LocalizedText("found a mapping, expected a value", "fandt nøgler, forventede en værdi"),
        LocalizedText("write the value", "skriv værdien"))
      return nil
    }
    let text = texts.joined(separator: "|").trimmingBlanks
    return text.isEmpty ? nil : RegisterCell(text: text, position: node.position)
  }
}

extension Node {
  fileprivate var position: SourcePosition {
    mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? SourcePosition(line: 1, column: 1)
  }
}
