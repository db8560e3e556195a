internal import FilsluseBase
package import TriggerFiles
internal import Yams

/// One value of the file, with its place and its key path.
package struct Entry {
  let node: Node
  let keyPath: String
  let log: ProblemLog

  var place: Place? { node.place }

  var isMapping: Bool {
    guard case .mapping = node else { return false }
    return true
  }

  /// Returns the value as text exactly as written: an untyped `0101` stays `0101`. Reports a list, a mapping or a
  /// missing value.
  package func text(_ expected: LocalizedText) -> String? {
    guard case .scalar(let scalar) = node else {
      reportType(expected)
      return nil
    }
    guard !isNothing else {
      report(.badValue, .found(LocalizedText("nothing", "ingenting"), expected: expected))
      return nil
    }
    guard scalar.string.utf8.count <= Self.longestText else {
      report(
        .badValue,
        .found(
          LocalizedText(
            "a text of more than \(Self.longestText) bytes", "en tekst på mere end \(Self.longestText) byte"),
          expected: expected))
      return nil
    }
    return scalar.string
  }

  /// Longer than any path may be.
  private static let longestText = 4096
  /// Far more than all authorities there are.
  private static let longestList = 10_000

  /// Returns the value that `read` makes of the text; reports a text that `read` returns `nil` for.
  package func value<Value>(
    _ expected: LocalizedText, remedy: LocalizedText? = nil, _ read: (String) -> Value?
  ) -> Value? {
    guard let text = text(expected) else { return nil }
    guard let value = read(text) else {
      report(.badValue, .found(LocalizedText(Self.shown(text)), expected: expected), remedy: remedy)
      return nil
    }
    return value
  }

  /// The entries of a list; a single text counts as a list of one.
  package func list(_ expected: LocalizedText) -> [Entry]? {
    switch node {
    case .sequence(let items):
      guard items.count <= Self.longestList else {
        report(
          .badValue,
          LocalizedText.found(LocalizedText("\(items.count) entries", "\(items.count) led"), expected: expected)
            + LocalizedText(", \(Self.longestList) at most", ", højst \(Self.longestList)"))
        return nil
      }
      guard !items.isEmpty else {
        report(
          .badValue, .found(LocalizedText("an empty list", "en tom liste"), expected: expected),
          remedy: LocalizedText(
            "leave the key out if there is nothing to list", "udelad nøglen, hvis der ikke er noget at nævne"))
        return nil
      }
      return (0..<items.count).map { Entry(node: items[$0], keyPath: "\(keyPath)[\($0)]", log: log) }
    case .scalar where !isNothing: return [self]
    default:
      reportType(expected)
      return nil
    }
  }

  package func report(_ code: SettingsProblem.Code, _ message: LocalizedText, remedy: LocalizedText? = nil) {
    log.report(code, at: place, keyPath: keyPath, message, remedy: remedy)
  }

  func reportType(_ expected: LocalizedText) {
    let found =
      switch node {
      case .mapping: LocalizedText("a mapping", "nøgler med værdier")
      case .sequence: LocalizedText("a list", "en liste")
      case .alias: LocalizedText("an alias", "et alias")
      case .scalar(let scalar):
        isNothing
          ? LocalizedText("nothing", "ingenting")
          : LocalizedText("the text ", "teksten ") + LocalizedText(Self.shown(scalar.string))
      }
    report(.wrongType, .found(found, expected: expected))
  }

  /// True if the key has no value.
  private var isNothing: Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  /// Text as a message shows it: short, on one line, CPR-like numbers masked.
  package static func shown(_ text: String) -> String {
    let short = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
    return "\"\(Masked.name(short).escapingControls)\(short.utf8.count < text.utf8.count ? "…" : "")\""
  }
}

extension LocalizedText {
  /// `found …, expected …`: the form that most problems have.
  static func found(_ found: LocalizedText, expected: LocalizedText) -> LocalizedText {
    LocalizedText("found ", "fandt ") + found + LocalizedText(", expected ", ", forventede ") + expected
  }
}

extension Node {
  var place: Place? { mark.map { Place(line: $0.line, column: $0.column) } }
}

extension String {
  /// The text with invisible characters spelt out, so that it cannot disturb a terminal or break a line.
  var escapingControls: String {
    if VisibleText.plainWidth(self) != nil { return self }
    var text = ""
    for scalar in unicodeScalars {
      if !VisibleText.isVisible(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
