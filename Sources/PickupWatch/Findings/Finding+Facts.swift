internal import FilsluseBase
internal import TriggerFiles

// What findings of several accounts have in common.

extension LocalizedText {
  /// The id of a rule by its wording: eight hexadecimal digits, the same for rules with the same words anywhere.
  var ruleID: String { String(SHA256.digest(of: Array(en.utf8)).hex.prefix(8)) }
}

extension Finding {
  /// The id of the rule that it breaks; `nil` where it breaks none.
  var ruleID: String? { rule?.ruleID }

  /// Its municipality: the code if the rule or the file's name gives it, else the CVR number of the authority; `nil`
  /// for none.
  var municipality: String? {
    if kind == .municipalityMissing { return subject.split(separator: "/").last.map(String.init) }
    return fileName.flatMap { MunicipalityMention.first(in: Array($0.utf8)) } ?? authority
  }
}

extension MunicipalityMention {
  /// Returns the code of the first municipality that counts for a file of that name.
  static func first(in name: [UInt8]) -> String? { counted(all(in: name)).first?.municipality.code }
}
