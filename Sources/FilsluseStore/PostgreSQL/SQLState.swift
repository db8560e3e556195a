internal import FilsluseBase

extension StoreError.Cause {
  /// The kind of failure that a SQLSTATE stands for (PostgreSQL, appendix “PostgreSQL Error Codes”).
  init(sqlState: String) {
    switch sqlState {
    case "53100": self = .diskFull
    case "57014", "55P03": self = .busy
    case "25006": self = .readOnly
    case "42501": self = .notPermitted
    case "08P01": self = .statement
    case "40003": self = .uncertain
    // A database that is not there: the address is wrong, and stays so.
    case "3D000": self = .unsuitable
    // The session was idle in its transaction for too long, and was ended.
    case "25P03": self = .unreachable
    case "XX001", "XX002": self = .damaged
    default: self = Self.byClass[String(sqlState.prefix(2))] ?? .other
    }
  }

  private static let byClass: [String: Self] = [
    "08": .unreachable, "53": .unreachable, "57": .unreachable,
    "28": .login, "40": .conflict, "58": .disk,
    "0A": .statement, "21": .statement, "22": .statement, "23": .statement, "25": .statement, "42": .statement,
  ]
}

/// The codes in libpq's words for a connection that was refused. It gives them nowhere else: a line is
/// `connection to server … failed: FATAL:  28P01: password authentication failed for user "x"`.
enum RefusalWords {
  /// The last SQLSTATE in such words; `nil` where there is none, as when no server answered.
  static func code(in words: String) -> String? {
    words.matches(of: #/:  ([0-9A-Z]{5}): /#).last.map { String($0.output.1) }
  }

  /// The words in one line, without codes and places in PostgreSQL's sources.
  static func readable(_ words: String) -> String {
    let lines = words.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
    // libpq begins some with a tab.
    let words = lines.joined(separator: "; ").replacing(#/:  ([0-9A-Z]{5}): /#, with: ": ")
    return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
