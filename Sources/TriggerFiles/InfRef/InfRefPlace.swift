/// The kinds of places of an InfRef; each has its own rules (contract sections 4 and 6).
public enum InfRefPlace: String, Sendable, Hashable, Codable, CaseIterable {
  /// The InfRef of a trigger.
  case trigger
  /// A route that files are sent by.
  case route
  /// An expected arrival, or the metadata of a received one.
  case arrival
  /// A rule of pickup monitoring.
  case watchRule = "watch-rule"
  /// The text of an order form, such as TFH206's for monitoring or TF111's for a web-service route.
  case orderForm = "order-form"
  /// A declaration in the user's own register: any name is accepted unchecked.
  case declaration
  /// A comment in settings, code or XML.
  case comment
  /// Any other text: findings there are warnings.
  case freeText = "free-text"

  /// The place as a sentence names it: `in a trigger`.
  public func phrase(in language: ReportLanguage = .english) -> String { wording.phrase[language] }

  /// The place as a table names it: `trigger`, `free text`.
  public func title(in language: ReportLanguage = .english) -> String { wording.title[language] }

  private var wording: (title: LocalizedText, phrase: LocalizedText) {
    switch self {
    case .trigger: (LocalizedText("trigger", "trigger"), LocalizedText("in a trigger", "i en trigger"))
    case .route: (LocalizedText("route", "rute"), LocalizedText("in a route", "i en rute"))
    case .arrival: (LocalizedText("arrival", "modtagelse"), LocalizedText("in an arrival", "i en modtagelse"))
    case .watchRule:
      (
        LocalizedText("watch rule", "overvågningsregel"), LocalizedText("in a watch rule", "i en overvågningsregel")
      )
    case .orderForm:
      (
        LocalizedText("order form", "bestillingsformular"),
        LocalizedText("in an order form's text", "i en bestillingsformulars tekst")
      )
    case .declaration: (LocalizedText("register", "register"), LocalizedText("in the register", "i registret"))
    case .comment: (LocalizedText("comment", "kommentar"), LocalizedText("in a comment", "i en kommentar"))
    case .freeText: (LocalizedText("free text", "fri tekst"), LocalizedText("in free text", "i fri tekst"))
    }
  }

  /// Keeps the findings that hold in this place, with the severity that they have there.
  func held(_ findings: [InfRefFinding], form: OrderForm) -> [InfRefFinding] {
    switch self {
    case .trigger, .route, .arrival: return findings.map { $0.placed(self) }
    case .declaration: return []
    case .watchRule: return findings.filter { $0.code != .monitoringAlias }.map { $0.placed(self) }
    case .orderForm:
      return findings.filter { !form.allows($0.code) && $0.code != .pattern }.map { $0.placed(self) }
    case .comment:
      let allowed: Set<InfRefFinding.Code> = [.pattern, .monitoringAlias, .webService]
      return findings.filter { !allowed.contains($0.code) }.map { $0.placed(self, severity: .warning) }
    case .freeText:
      return findings.filter { $0.code != .pattern }.map { $0.placed(self, severity: .warning) }
    }
  }
}

/// The kind of an order form, by its text; it decides which names are valid on it (contract section 4).
public enum OrderForm: String, Sendable, Hashable, Codable, CaseIterable {
  /// Pickup monitoring: `SF7002` is right (TFH206).
  case monitoring
  /// A route for files.
  case sftpRoute = "sftp-route"
  /// A route for a web service: `FakturaInformationAfsend_1` is right (TF111).
  case webServiceRoute = "web-service-route"
  /// A form that does not name the thing ordered.
  case unknown

  /// Returns true if a finding that holds in a trigger does not hold on this form.
  func allows(_ code: InfRefFinding.Code) -> Bool {
    switch code {
    case .monitoringAlias: self == .monitoring || self == .unknown
    case .webService: self == .webServiceRoute || self == .unknown
    default: false
    }
  }
}

extension OrderForm {
  /// The number of bytes examined before a name, and after it.
  private static let before = 600
  private static let after = 200

  private static let kindWords: [(form: OrderForm, words: [String])] = [
    (.monitoring, ["overvåg", "overvaag", "monitoring", "afhentning", "pickup", "tfh206", "tf106"]),
    (.webServiceRoute, ["webservice", "web service", "web-service", "tf111"]),
    (.sftpRoute, ["sftp", "tfh223", "tfh222"]),
  ]

  /// The part of a text that is looked at around a place.
  static func surroundings(of place: Int, in bytes: UnsafeRawBufferPointer) -> Range<Int> {
    max(0, place - before)..<min(bytes.count, place + after)
  }

  /// Returns the order form around a place; `nil` if the text is not a form.
  static func around(_ place: Int, in bytes: UnsafeRawBufferPointer) -> OrderForm? {
    let near = surroundings(of: place, in: bytes)
    let text = String(decoding: bytes[near], as: UTF8.self).lowercased()
    guard FormWords.words.contains(where: text.contains) else { return nil }
    let ahead = String(decoding: bytes[near.lowerBound..<place], as: UTF8.self).lowercased()
    let behind = String(decoding: bytes[place..<near.upperBound], as: UTF8.self).lowercased()
    // The name's own line first, then the lines above from the nearest on, then those below.
    let above = ahead.split(separator: "\n", omittingEmptySubsequences: false)
    let below = behind.split(separator: "\n", omittingEmptySubsequences: false)
    let own = (above.last ?? "") + " " + (below.first ?? "")
    for line in [own] + above.dropLast().reversed() + below.dropFirst() {
      if let kind = kindWords.first(where: { $0.words.contains { line.contains($0) } }) { return kind.form }
    }
    return .unknown
  }
}
