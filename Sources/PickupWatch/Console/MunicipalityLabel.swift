internal import ExchangeSettings
internal import TriggerFiles

/// A municipality, with its known names and numbers.
package struct MunicipalityLabel: Sendable, Hashable {
  /// Its code.
  package var code: String?
  /// Its CVR number, where only that is known.
  package var cvr: String?
  /// Its code and name, or `CVR` and its number.
  package var title: String

  /// Describes a municipality.
  package init(code: String?, cvr: String? = nil, title: String) {
    self.code = code
    self.cvr = cvr
    self.title = title
  }

  init(code: String) { self.init(code: code, title: Municipality(code: code)?.title ?? code) }
}

/// The municipalities of the settings: their CVR numbers, and the accounts for one municipality only.
struct MunicipalityTable: Sendable {
  /// The municipality code of each CVR number in the settings.
  let codes: [String: String]
  /// The CVR numbers of each code.
  let cvrNumbers: [String: Set<String>]
  /// The municipality code of each account with arrivals for one municipality only.
  let accounts: [String: String]

  init(_ settings: ExchangeSettings) {
    var codes: [String: String] = [:]
    var cvrNumbers: [String: Set<String>] = [:]
    var byAccount: [String: Set<String>] = [:]
    for arrival in settings.arrivals {
      for (authority, code) in arrival.municipalities {
        codes[authority.digits] = code
        cvrNumbers[code, default: []].insert(authority.digits)
        byAccount[arrival.account, default: []].insert(code)
      }
    }
    self.codes = codes
    self.cvrNumbers = cvrNumbers
    accounts = byAccount.compactMapValues { $0.count == 1 ? $0.first : nil }
  }

  /// Returns the label of a code or CVR number.
  func label(of digits: String) -> MunicipalityLabel {
    if digits.utf8.count != 8 { return MunicipalityLabel(code: digits) }
    if let code = codes[digits] { return MunicipalityLabel(code: code) }
    return MunicipalityLabel(code: nil, cvr: digits, title: "CVR \(digits)")
  }
}

/// A row of the matrix: a municipality, or an account without a known municipality.
struct MatrixRowKey: Sendable, Hashable, Comparable {
  var municipality: MunicipalityLabel?
  var account: String?

  /// The row that a figure belongs to.
  init(municipality: String?, account: String, _ table: MunicipalityTable) {
    if let digits = municipality ?? table.accounts[account] {
      self.municipality = table.label(of: digits)
    } else {
      self.account = account
    }
  }

  /// Reads the id of a row; `nil` for text that is none.
  init?(id: String) {
    if id.hasPrefix(Self.accountMark) {
      let name = String(id.dropFirst(Self.accountMark.count))
      if name.isEmpty { return nil }
      account = name
    } else if id.hasPrefix(Self.cvrMark), case .cvr(let digits)? = ExpectedMunicipality(String(id.dropFirst(4))) {
      municipality = MunicipalityLabel(code: nil, cvr: digits, title: "CVR \(digits)")
    } else if id.utf8.count == 4, let code = Municipality(code: id)?.code {
      municipality = MunicipalityLabel(code: code)
    } else {
      return nil
    }
  }

  /// The expectations that belong to the row.
  func part(_ table: MunicipalityTable) -> ExpectationPart {
    guard let municipality else { return ExpectationPart(municipalities: [], accounts: [account].compactMap(\.self)) }
    let own = table.accounts.filter { $0.value == municipality.code }.map(\.key)
    return ExpectationPart(
      municipalities: [municipality.code].compactMap(\.self) + table.authorities(of: municipality),
      accounts: own.sorted())
  }

  private static let accountMark = "account."
  private static let cvrMark = "cvr-"

  /// The row in an address: `0101`, `cvr-12345678` or `account.` and the name.
  var id: String {
    if let code = municipality?.code { return code }
    if let cvr = municipality?.cvr { return Self.cvrMark + cvr }
    return Self.accountMark + (account ?? "")
  }

  /// Municipalities come first, by their codes.
  static func < (one: Self, other: Self) -> Bool {
    func key(_ row: Self) -> (Int, String) {
      if let code = row.municipality?.code { return (0, code) }
      if let cvr = row.municipality?.cvr { return (1, cvr) }
      return (2, row.account ?? "")
    }
    return key(one) < key(other)
  }
}
