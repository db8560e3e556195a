internal import SystemPackage
public import TriggerFiles
internal import Yams

/// The InfRefs in a text of YAML or JSON, each with the place that the keys around it say: settings of this program and
/// configuration of others.
public struct StructuredNames: Sendable {
  /// One name, and its place.
  public struct Name: Sendable, Hashable {
    /// The name, as written.
    public let text: String
    /// The position of its first character.
    public let position: SourcePosition
    /// The kind of place that the enclosing keys show; free text where they show none.
    public let place: InfRefPlace
  }

  /// The reason why a text cannot be read as YAML.
  public struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line of the error; `nil` for none.
    public let line: Int?
    /// The problem at that position.
    public let description: String
  }

  /// Every name under a key `infref` or in a register, in the order of the text.
  public let names: [Name]
  /// The names that the text's own register declares.
  public var register: Set<String> { Set(names.lazy.filter { $0.place == .declaration }.map(\.text)) }

  /// The maximum depth of nesting that is searched.
  private static let deepest = 64

  /// Reads a text; placeholders such as `${NAME}` are ignored.
  ///
  /// - Throws: ``Malformed`` for invalid YAML, or features that settings do not allow.
  public init(reading text: String) throws(Malformed) {
    let log = ProblemLog(file: "text")
    guard let screened = Screening.screened(text, log: log) else { throw Malformed(log) }
    var names: [Name] = []
    do {
      let parser = try Parser(yaml: screened, resolver: .basic)
      while let root = try parser.nextRoot() { Self.collect(root, keys: [], depth: 0, into: &names) }
    } catch {
      SyntaxProblem.report(error, in: screened, log: log)
      throw Malformed(log)
    }
    self.names = names.sorted { $0.position < $1.position }
  }

  private static func collect(_ node: Node, keys: [String], depth: Int, into names: inout [Name]) {
    guard depth < deepest else { return }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        collect(value, keys: keys + [plain(key.scalar?.string ?? "")], depth: depth + 1, into: &names)
      }
    case .sequence(let items):
      for item in items { collect(item, keys: keys, depth: depth + 1, into: &names) }
    case .scalar(let scalar):
      guard let key = keys.last, let place = place(of: key, among: keys.dropLast()), let mark = scalar.mark,
        !isPlaceholder(scalar)
      else { return }
      // The mark of a quoted text is its quotation mark.
      let column = mark.column + (scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 1 : 0)
      names.append(
        Name(text: scalar.string, position: SourcePosition(line: mark.line, column: column), place: place))
    case .alias: break
    }
  }

  /// Returns the place that the keys describe; `nil` where the last one does not name an InfRef.
  private static func place(of key: String, among keys: ArraySlice<String>) -> InfRefPlace? {
    if key == "infrefs" { return .declaration }
    let isAnswer = key == "answer" && keys.contains("rules") && keys.contains("watch")
    guard key == "infref" || isAnswer else { return nil }
    for key in keys.reversed() {
      switch key {
      case "routes", "route", "ruter", "rute": return .route
      case "arrivals", "arrival": return .arrival
      case "watch", "monitoring": return .watchRule
      default: continue
      }
    }
    return .freeText
  }

  private static func plain(_ key: String) -> String {
    key.lowercased().filter { $0 != "-" && $0 != "_" }
  }

  private static func isPlaceholder(_ scalar: Node.Scalar) -> Bool {
    let text = scalar.string
    if scalar.style == .plain, ["", "~", "null", "true", "false"].contains(text) { return true }
    return text.isEmpty || (text.hasPrefix("$") && text.contains("{")) || text.hasPrefix("{{") || text.hasPrefix("%(")
  }
}

extension StructuredNames.Malformed {
  fileprivate init(_ log: ProblemLog) {
    let first = log.errors.first
    line = first?.line
    description = first?.message ?? "it cannot be read as YAML"
  }
}
