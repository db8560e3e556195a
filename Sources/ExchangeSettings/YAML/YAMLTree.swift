internal import Yams

/// A file read into nodes, checked for everything in YAML that settings have no need of.
///
/// Keep the tree alive while its nodes are looked at: a node holds its anchor weakly, and the parser holds it firmly.
struct YAMLTree {
  let root: Node
  private let parser: Parser

  /// Parses `text`; what is wrong with it as YAML is reported.
  init?(_ text: String, log: ProblemLog) {
    guard var text = Screening.screened(text, log: log) else { return nil }
    let most = DoubledKeys.most(in: text)
    for round in 0...most {
      do {
        // Without resolving rules every scalar stays the text that was written.
        let parser = try Parser(yaml: text, resolver: .basic)
        guard let root = try parser.singleRoot() else {
          log.report(.missingKey, at: nil, "the file is empty, expected settings")
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
            "the key stands twice in the same place; nothing further was read", remedy: "keep one of the two")
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

  /// Reports anchors, tags and nesting deeper than settings go, without following what an anchor names.
  private static func check(_ node: Node, depth: Int, log: ProblemLog) {
    if depth > 12 {
      log.report(.unacceptable, at: node.place, "nested deeper than any setting")
      return
    }
    if let anchor = node.anchor {
      log.report(
        .unacceptable, at: node.place, "found the YAML anchor or alias \(Entry.shown(anchor.rawValue)), expected none",
        remedy: "write the value out where it is needed")
      return
    }
    if let tag = node.explicitTag {
      log.report(
        .unacceptable, at: node.place, "found the YAML tag \(Entry.shown(tag)), expected none", remedy: "remove it")
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
    // The tag as the resolver sees it; without rules it makes every untagged node what it is by its form.
    return tag.description == implied.rawValue ? nil : tag.description
  }
}
