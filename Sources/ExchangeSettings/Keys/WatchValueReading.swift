internal import TriggerFiles
internal import Yams

/// Values that rules of `filsluse watch` have.
extension SettingsReader {
  func rulePeriod(_ entry: Entry) -> RulePeriod? {
    entry.value(
      "a period such as 4h, 90m or 1h30m, or 4h business for business time",
      remedy: "use the units d, h, m and s; business time in h, m and s, 1000h at most, as its days have no one length"
    ) { RulePeriod($0) }
  }

  func percentage(_ entry: Entry) -> Int? {
    entry.value("a share of the period from 1% to 99%, such as 75%") { text in
      let digits = text.utf8.dropLast()
      guard text.utf8.last == UInt8(ascii: "%"), (1...2).contains(digits.count),
        digits.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      return Int(String(text.dropLast())).flatMap { $0 > 0 ? $0 : nil }
    }
  }

  func number(_ entry: Entry, upTo most: Int) -> Int? {
    entry.value("a number from 1 to \(most)") { text in
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return Int(text).flatMap { (1...most).contains($0) ? $0 : nil }
    }
  }

  func byteCount(_ entry: Entry) -> UInt64? {
    entry.value("an amount such as 500kB, 20MB or 10GB", remedy: "use the units B, kB, MB, GB and TB") {
      ByteCountText.parse($0)
    }
  }

  /// A list of municipalities, or `all` of them.
  func municipalities(_ entry: Entry) -> [ExpectedMunicipality]? {
    let expected = "a list of municipality codes (0101) or CVR numbers (8 digits), or all"
    if case .scalar(let scalar) = entry.node, scalar.string == "all" {
      return Municipality.all.map { .code($0.code) }
    }
    guard let named = each(entry, expected, municipality) else { return nil }
    guard Set(named).count == named.count else {
      entry.report(.badValue, "found a municipality twice, expected each once", remedy: "remove the second")
      return nil
    }
    return named
  }

  private func municipality(_ entry: Entry) -> ExpectedMunicipality? {
    entry.value("a municipality's code such as 0101, or a CVR number of 8 digits", remedy: "write codes with their 0") {
      ExpectedMunicipality($0)
    }
  }
}
