/// The limits of an account's listings.
extension SettingsReader {
  func listing(_ entry: Entry) -> ListingSettings? {
    guard let section = Section(entry, keys: ["most-names", "most-bytes", "longest"]) else { return nil }
    let standard = ListingSettings()
    let names = section["most-names"].map(nameCount) ?? standard.mostNames
    let bytes = section["most-bytes"].map { entry in
      entry.value("an amount such as 500MB or 1GB", ByteCountText.parse)
    }
    let longest = section["longest"].map(period) ?? standard.longest
    guard let names, bytes != .some(nil), let longest else { return nil }
    return ListingSettings(mostNames: names, mostBytes: (bytes ?? nil) ?? standard.mostBytes, longest: longest)
  }

  private func nameCount(_ entry: Entry) -> Int? {
    entry.value("a number of names from 1 to 100000000") { text in
      guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return Int(text).flatMap { (1...100_000_000).contains($0) ? $0 : nil }
    }
  }
}
