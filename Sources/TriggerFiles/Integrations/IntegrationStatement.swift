/// The place that a statement about an integration rests on.
public struct IntegrationSource: Sendable, Hashable, Codable {
  /// The documents.
  public enum Document: String, Sendable, Hashable, Codable, CaseIterable {
    /// KOMBIT's interface catalogue (Snitfladekatalog, annex 2 of SKI 02.19).
    case catalogue
    /// The integration description of SF1630 (2023).
    case sf1630 = "SF1630"
    /// The implementation tasks of SF1590_D (2020), and their diagram.
    case sf1590D = "SF1590_D"
    /// The diagrams of SF1590_A, B and C.
    case sf1590Diagrams = "SF1590-diagrams"
    /// A page or document of KOMBIT outside of these.
    case publicPage = "public"
    /// Source code of a system that talks to the live service.
    case sourceCode = "source-code"
    /// No document: our own reading of the words.
    case reading

    /// The document's name.
    public var title: LocalizedText {
      switch self {
      case .catalogue: LocalizedText("the interface catalogue", "snitfladekataloget")
      case .sf1630: LocalizedText("the description of SF1630", "beskrivelsen af SF1630")
      case .sf1590D: LocalizedText("the tasks of SF1590_D", "opgaverne til SF1590_D")
      case .sf1590Diagrams:
        LocalizedText("the diagrams of SF1590_A, B and C", "diagrammerne til SF1590_A, B og C")
      case .publicPage: LocalizedText("KOMBIT's public pages", "KOMBITs offentlige sider")
      case .sourceCode: LocalizedText("public source code", "offentlig kildekode")
      case .reading: LocalizedText("our reading", "vores læsning")
      }
    }
  }

  /// The document.
  public let document: Document
  /// The document's own words, in Danish; `nil` where they are not quoted.
  public let quote: String?
  /// The address of a public page; `nil` for the five documents.
  public let address: String?

  private init(_ document: Document, _ quote: String? = nil, at address: String? = nil) {
    self.document = document
    self.quote = quote
    self.address = address
  }

  static func catalogue(_ quote: String? = nil) -> Self { Self(.catalogue, quote) }
  static func sf1630(_ quote: String? = nil) -> Self { Self(.sf1630, quote) }
  static func sf1590D(_ quote: String? = nil) -> Self { Self(.sf1590D, quote) }
  static func sf1590Diagrams(_ quote: String? = nil) -> Self { Self(.sf1590Diagrams, quote) }
  static func publicPage(_ address: String, _ quote: String? = nil) -> Self { Self(.publicPage, quote, at: address) }
  static func sourceCode(_ address: String) -> Self { Self(.sourceCode, at: address) }
  static func reading(of quote: String? = nil) -> Self { Self(.reading, quote) }

  /// The document with its words and its address, in a language.
  public func sentence(in language: ReportLanguage) -> String {
    let words = quote.map { language == .danish ? ": „\($0)“" : ": “\($0)”" } ?? ""
    return document.title[language] + words + (address.map { " <\($0)>" } ?? "")
  }
}

/// A statement about an integration, with its certainty.
public struct IntegrationStatement: Sendable, Hashable, Codable {
  /// The certainty of a statement, in the contract's words.
  public enum Certainty: String, Sendable, Hashable, Codable, CaseIterable {
    /// A document of KOMBIT says so.
    case known
    /// It was seen in systems that talk to the live service.
    case seen
    /// Our reading of the documents.
    case reading
    /// No public document says it.
    case open

    /// The certainty as a report names it.
    public var title: LocalizedText {
      switch self {
      case .known: LocalizedText("known", "oplyst")
      case .seen: LocalizedText("seen", "set")
      case .reading: LocalizedText("our reading", "vores læsning")
      case .open: LocalizedText("not documented", "ikke dokumenteret")
      }
    }
  }

  /// The statement.
  public let text: LocalizedText
  /// The certainty.
  public let certainty: Certainty
  /// The source of the statement; `nil` for an open question.
  public let source: IntegrationSource?

  static func known(_ text: LocalizedText, _ source: IntegrationSource) -> Self {
    Self(text: text, certainty: .known, source: source)
  }

  static func seen(_ text: LocalizedText, _ source: IntegrationSource) -> Self {
    Self(text: text, certainty: .seen, source: source)
  }

  static func reading(_ text: LocalizedText) -> Self { Self(text: text, certainty: .reading, source: .reading()) }

  static func open(_ text: LocalizedText) -> Self { Self(text: text, certainty: .open, source: nil) }

  /// The statement in one line, with its certainty and source.
  public func sentence(in language: ReportLanguage) -> String {
    let origin = certainty == .known || certainty == .seen ? source.map { "; \($0.sentence(in: language))" } ?? "" : ""
    return "\(text[language]) [\(certainty.title[language])\(origin)]"
  }
}
