internal import TriggerFiles

extension SettingsReader {
  /// The endings of the contract's files, where they differ from the usual ones.
  func suffixes(_ entry: Entry) -> WireSuffixes? {
    guard let section = Section(entry, keys: ["trigger", "metadata", "receipt"]) else { return nil }
    let standard = WireSuffixes.default
    let trigger = section["trigger"].map(suffix) ?? standard.trigger
    let metadata = section["metadata"].map(suffix) ?? standard.metadata
    let receipt = section["receipt"].map(suffix) ?? standard.receipt
    guard let trigger, let metadata, let receipt else { return nil }
    let all = [trigger, metadata, receipt]
    for (index, one) in all.enumerated() {
      for (otherIndex, other) in all.enumerated() where index != otherIndex && other.hasSuffix(one) {
        entry.report(
          .conflict,
          "found \(Entry.shown(one)) at the end of \(Entry.shown(other)), expected endings that tell files apart")
        return nil
      }
    }
    return WireSuffixes(trigger: trigger, metadata: metadata, receipt: receipt)
  }

  private func suffix(_ entry: Entry) -> String? {
    entry.value("an ending such as .trigger", remedy: "begin it with a full stop and use at most 32 bytes") { text in
      let plain = text.utf8.dropFirst().allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
      return text.hasPrefix(".") && plain && (2...32).contains(text.utf8.count) ? text : nil
    }
  }
}
