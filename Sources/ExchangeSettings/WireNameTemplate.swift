/// How a route names files in OUT, such as `{stem}.{route}{ext}`.
///
/// `{stem}` and `{ext}` are the local file's name before its last full stop, and that full stop with what follows; `{route}`
/// is the route's name and `{municipality}` the code of its municipality. The name is a part of a delivery's identity: a
/// file that was sent under another name is another delivery.
public struct WireNameTemplate: Sendable, Hashable, CustomStringConvertible {
  private enum Piece: Sendable, Hashable {
    case literal(String)
    case placeholder(Placeholder)
  }

  /// What is put into a name, by the words of the settings.
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

  /// Why a text is no template.
  public struct Malformed: Error, Sendable, Hashable {
    /// What is there.
    public let found: String
    /// What is to be there.
    public let expected: String
  }

  private let pieces: [Piece]

  /// `{stem}.{route}{ext}`: the rule for files that go by their municipality, where a route has none of its own. It never
  /// changes, as the name is a part of a delivery's identity.
  public static let byMunicipality = Self(pieces: [
    .placeholder(.stem), .literal("."), .placeholder(.route), .placeholder(.ext),
  ])

  private init(pieces: [Piece]) { self.pieces = pieces }

  /// What a message calls the placeholders.
  static let placeholders = Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")

  /// Reads a template.
  ///
  /// - Throws: ``Malformed`` for an unknown placeholder, a brace without its fellow, or a template without `{stem}`, by which
  ///   all files would have one name.
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
          throw Malformed(found: "the placeholder {\(String(name))}", expected: "one of \(Self.placeholders)")
        }
        pieces.append(.placeholder(known))
        placeholder = nil
      case ("}", nil), ("{", .some):
        throw Malformed(found: "a brace without its fellow", expected: "placeholders such as {stem}")
      case (_, .some): placeholder?.append(scalar)
      case (_, nil): literal.append(scalar)
      }
    }
    guard placeholder == nil else {
      throw Malformed(found: "a brace without its fellow", expected: "placeholders such as {stem}")
    }
    if !literal.isEmpty { pieces.append(.literal(String(literal))) }
    guard pieces.contains(.placeholder(.stem)) else {
      throw Malformed(found: "no {stem}", expected: "it in the name: two transmissions never share one")
    }
    self.pieces = pieces
  }

  /// Whether a placeholder stands in it.
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

  /// The template as it is written.
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
