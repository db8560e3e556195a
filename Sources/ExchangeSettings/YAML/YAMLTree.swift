internal import TriggerFiles
internal import Yams

/// A file parsed into nodes, and checked for YAML features that settings do not use.
///
/// Keep the tree alive while its nodes are in use: a node holds its anchor weakly, and the parser holds it strongly.
struct YAMLTree {
  let root: Node
  private let parser: Parser

  /// Parses `text` and reports YAML errors.
  init?(_ text: String, log: ProblemLog) {
    guard var text = Screening.screened(text, log: log) else { return nil }
    let most = DoubledKeys.most(in: text)
    for round in 0...most {
      do {
        // Without resolving rules every scalar stays the written text, and is not converted to a value.
        let parser = try Parser(yaml: text, resolver: .basic, constructor: Constructor([:], [:], [:]))
        guard let root = try parser.singleRoot() else {
          log.report(
            .missingKey, at: nil,
            LocalizedText("the file is empty, expected settings", "filen er tom, forventede indstillinger"))
          return nil
        }
        self.root = root
        self.parser = parser
        Self.check(root, depth: 0, log: log)
        return
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        let place = Place(line: context.mark.line, column: context.mark.column)
        guard let name = names.first, round < most,
          let marked = DoubledKeys.markingSecond(name, firstAt: place, in: text, round: round)
        else {
          log.report(
            .doubledKey, at: place, keyPath: names.first.map { DoubledKeys.original(of: $0) ?? $0 } ?? "",
            LocalizedText(
              "the key stands twice in the same place; nothing further was read",
              "nøglen står to gange på samme sted; der er ikke læst videre"),
            remedy: LocalizedText("keep one of the two", "behold den ene"))
          return nil
        }
        text = marked
      } catch {
        SyntaxProblem.report(error, in: text, log: log)
        return nil
      }
    }
    return nil
  }

  /// Reports anchors, tags and too deep nesting, without following anchors.
  private static func check(_ node: Node, depth: Int, log: ProblemLog) {
    if depth > 12 {
      log.report(.unacceptable, at: node.place, SyntaxProblem.tooDeep)
      return
    }
    if let anchor = node.anchor {
      log.report(
        .unacceptable, at: node.place,
        .found(
          LocalizedText("the YAML anchor or alias ", "YAML-ankeret eller -aliaset ")
            + LocalizedText(Entry.shown(anchor.rawValue)), expected: LocalizedText("none", "intet")),
        remedy: LocalizedText("write the value out where it is needed", "skriv værdien ud, hvor den skal bruges"))
      return
    }
    if let tag = node.explicitTag {
      log.report(
        .unacceptable, at: node.place,
        .found(
          LocalizedText("the YAML tag ", "YAML-mærket ") + LocalizedText(Entry.shown(tag)),
          expected: LocalizedText("none", "intet")), remedy: LocalizedText("remove it", "fjern det"))
    }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        check(key, depth: depth + 1, log: log)
        check(value, depth: depth + 1, log: log)
      }
    case .sequence(let items):
      for item in items { check(item, depth: depth + 1, log: log) }
    case .scalar, .alias: break
    }
  }
}

extension Node {
  /// The explicit tag in the file, such as `!!int`.
  fileprivate var explicitTag: String? {
    let implied: Tag.Name =
      switch self {
      case .mapping: .map
      case .sequence: .seq
      case .scalar, .alias: .str
      }
    // The resolver's tag; without rules it tags every untagged node by its kind.
    return tag.description == implied.rawValue ? nil : tag.description
  }
}

/// Makes duplicate keys distinct, so that reading goes on after one.
///
/// The parser stops at the first duplicate. So the first letter of the second key is replaced by a character from a
/// private plane that no settings file may use: columns stay the same, the keys differ, and the replacement identifies
/// the letter.
enum DoubledKeys {
  /// The number of duplicate keys after which reading stops: each costs another parse, so fewer in a large file.
  static func most(in text: String) -> Int { max(1, min(20, (4 << 20) / max(1, text.utf8.count))) }

  /// `text` with the second of two equal keys marked; `nil` when it cannot be found, as in a mapping written `{…}`.
  static func markingSecond(_ name: String, firstAt first: Place, in text: String, round: Int) -> String? {
    guard let letter = name.unicodeScalars.first, letter.value < range,
      let standIn = Unicode.Scalar(base(ofRound: round) + letter.value)
    else { return nil }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices.dropFirst(first.line) {
      let indentation = lines[index].prefix { $0 == " " }.count
      let content = lines[index].dropFirst(indentation)
      if content.first.map({ $0 == "#" || $0 == "\r" }) ?? true { continue }
      if indentation < first.column - 1 { return nil }
      guard indentation == first.column - 1, let start = startOfKey(name, in: content) else { continue }
      var line = String.UnicodeScalarView(lines[index][..<start])
      line.append(standIn)
      line.append(contentsOf: lines[index][start...].dropFirst())
      lines[index] = line[...]
      return lines.map { String($0) }.joined(separator: "\n")
    }
    return nil
  }

  /// The key that a marked key was; `nil` for a key that is not marked.
  static func original(of name: String) -> String? {
    guard let standIn = name.unicodeScalars.first, standIn.value >= base(ofRound: 0),
      let letter = Unicode.Scalar((standIn.value - base(ofRound: 0)) % range)
    else { return nil }
    return String(String.UnicodeScalarView([letter]) + name.unicodeScalars.dropFirst())
  }

  /// Returns the start of `name` when the line's content is that key, plain or quoted.
  private static func startOfKey(_ name: String, in content: Substring.UnicodeScalarView) -> String.Index? {
    let quote = content.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
    let unquoted = quote == nil ? content : content.dropFirst()
    guard unquoted.starts(with: name.unicodeScalars) else { return nil }
    var rest = unquoted.dropFirst(name.unicodeScalars.count)
    if let quote {
      guard rest.first == quote else { return nil }
      rest = rest.dropFirst()
    }
    rest = rest.drop { $0 == " " }
    guard rest.first == ":", rest.dropFirst().first.map({ [" ", "\t", "\r"].contains($0) }) ?? true else { return nil }
    return unquoted.startIndex
  }

  private static let range: UInt32 = 0x0C00
  private static func base(ofRound round: Int) -> UInt32 { 0xF_0000 + UInt32(round) * range }
}
