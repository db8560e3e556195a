public import TriggerFiles

/// A template for a route's file names in OUT, such as `{stem}.{route}{ext}`.
///
/// `{stem}` is the local file's name before its last full stop, `{ext}` that full stop and the rest; `{route}` is the
/// route's name and `{municipality}` the code of its municipality. The name is part of a delivery's identity: a file
/// sent under another name is another delivery.
public struct WireNameTemplate: Sendable, Hashable, CustomStringConvertible {
  private enum Piece: Sendable, Hashable {
    case literal(String)
    case placeholder(Placeholder)
  }

  /// The placeholders of a template, by their words in the settings.
  public enum Placeholder: String, Sendable, Hashable, CaseIterable {
    /// The local file's name without its ending.
    case stem
    /// The local file's ending with its full stop; nothing where there is none.
    case ext
    /// The route's name.
    case route
    /// The code of the route's municipality.
    case municipality
  }

  /// The reason why a text is no template.
  public struct Malformed: Error, Sendable, Hashable {
    /// The text found.
    public let found: LocalizedText
    /// The text expected.
    public let expected: LocalizedText

    fileprivate static let brace = Malformed(
      found: LocalizedText("a brace without its fellow", "en krøllet parentes uden sin makker"),
      expected: LocalizedText("placeholders such as {stem}", "pladsholdere som {stem}"))
  }

  private let pieces: [Piece]

  /// `{stem}.{route}{ext}`: the rule for files sent by municipality, if the route has none of its own. It never
  /// changes, because the name is a part of a delivery's identity.
  public static let byMunicipality = Self(pieces: [
    .placeholder(.stem), .literal("."), .placeholder(.route), .placeholder(.ext),
  ])

  private init(pieces: [Piece]) { self.pieces = pieces }

  /// All placeholders, for a message.
  static let placeholders = Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")

  /// Reads a template.
  ///
  /// - Throws: ``Malformed`` for an unknown placeholder, an unpaired brace, or a template without `{stem}`, which would
  ///   give all files one name.
  public init(_ text: String) throws(Malformed) {
    var pieces: [Piece] = []
    var literal = String.UnicodeScalarView()
    var placeholder: String.UnicodeScalarView?
    for scalar in text.unicodeScalars {
      switch (scalar, placeholder) {
      case ("{", nil):
        if !literal.isEmpty { pieces.append(.literal(String(literal))) }
        literal = String.UnicodeScalarView()
        placeholder = String.UnicodeScalarView()
      case ("}", let name?):
        guard let known = Placeholder(rawValue: String(name)) else {
          throw Malformed(
            found: LocalizedText("the placeholder {\(String(name))}", "pladsholderen {\(String(name))}"),
            expected: LocalizedText("one of \(Self.placeholders)", "en af \(Self.placeholders)"))
        }
        pieces.append(.placeholder(known))
        placeholder = nil
      case ("}", nil), ("{", .some):
        throw Malformed.brace
      case (_, .some): placeholder?.append(scalar)
      case (_, nil): literal.append(scalar)
      }
    }
    guard placeholder == nil else {
      throw Malformed.brace
    }
    if !literal.isEmpty { pieces.append(.literal(String(literal))) }
    guard pieces.contains(.placeholder(.stem)) else {
      throw Malformed(
        found: LocalizedText("no {stem}", "intet {stem}"),
        expected: LocalizedText(
          "it in the name: two transmissions never share one", "det i navnet: to overførsler har aldrig samme navn"))
    }
    self.pieces = pieces
  }

  /// Returns true if the template contains a placeholder.
  func has(_ placeholder: Placeholder) -> Bool { pieces.contains(.placeholder(placeholder)) }

  /// The name in OUT of a local file of that name, by a route.
  public func name(of file: String, by route: Route) -> String {
    let bytes = Array(file.utf8)
    let dot = bytes.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 > 0 ? $0 : nil } ?? bytes.count
    return pieces.map { piece in
      switch piece {
      case .literal(let text): text
      case .placeholder(.stem): String(decoding: bytes[..<dot], as: UTF8.self)
      case .placeholder(.ext): String(decoding: bytes[dot...], as: UTF8.self)
      case .placeholder(.route): route.name
      case .placeholder(.municipality): route.municipality ?? ""
      }
    }.joined()
  }

  /// The template, as written.
  public var description: String {
    pieces.map { piece in
      switch piece {
      case .literal(let text): text
      case .placeholder(let placeholder): "{\(placeholder.rawValue)}"
      }
    }.joined()
  }
}

extension Route {
  /// The name in OUT that the route's own rule gives a local file; `nil` where the route has none.
  public func wireName(of file: String) -> String? { wireName?.name(of: file, by: self) }
}
