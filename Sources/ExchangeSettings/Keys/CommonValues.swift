internal import SystemPackage
internal import TriggerFiles
internal import Yams

// The types of values that keys of several sections have.

extension ValueType<Duration> {
  static var period: Self {
    .text(
      LocalizedText("a period such as 90s, 10m or 1h30m", "et tidsrum som 90s, 10m eller 1h30m"), DurationText.parse,
      write: { .plain(DurationText.format($0)) })
  }

  /// A period within limits.
  static func period(
    _ expected: LocalizedText, from least: Duration, to most: Duration = .seconds(1 << 40),
    remedy: LocalizedText? = nil
  ) -> Self {
    .text(
      expected, remedy: remedy,
      { text in
        // Zero is a period only where it is within the limits.
        let period = text == "0s" ? .zero : DurationText.parse(text)
        return period.flatMap { $0 >= least && $0 <= most ? $0 : nil }
      }, write: { .plain(DurationText.format($0)) })
  }
}

extension ValueType<Int> {
  static func number(from least: Int = 1, upTo most: Int, remedy: LocalizedText? = nil) -> Self {
    .text(
      LocalizedText("a number from \(least) to \(most)", "et tal fra \(least) til \(most)"), remedy: remedy,
      { text in number(text, upTo: most).flatMap { $0 >= least ? $0 : nil } }, write: { .plain("\($0)") })
  }

  private static func number(_ text: String, upTo most: Int) -> Int? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.first != 0x30 else { return nil }
    return Int(text).flatMap { (1...most).contains($0) ? $0 : nil }
  }

  static var percentage: Self {
    .text(
      LocalizedText("a share of the period from 1% to 99%, such as 75%", "en del af tidsrummet fra 1% til 99%, fx 75%"),
      { $0.hasSuffix("%") ? number(String($0.dropLast()), upTo: 99) : nil }, write: { .plain("\($0)%") })
  }

  /// Minutes since midnight.
  static var timeOfDay: Self {
    .text(
      LocalizedText("a time of day such as 06:00", "et klokkeslæt som 06:00"),
      { text in ClockText.parse(text).flatMap { $0 < 24 * 60 ? $0 : nil } },
      write: { .text(ClockText.format($0)) })
  }
}

extension ValueType<UInt64> {
  static var byteCount: Self {
    .text(
      LocalizedText("an amount such as 500kB, 20MB or 10GB", "en mængde som 500kB, 20MB eller 10GB"),
      remedy: LocalizedText("use the units B, kB, MB, GB and TB", "brug enhederne B, kB, MB, GB og TB"),
      ByteCountText.parse,
      write: { .plain(ByteCountText.format($0)) })
  }
}

extension ValueType<Bool> {
  static var yesOrNo: Self {
    .text(
      LocalizedText("true or false", "true eller false"), { ["true": true, "false": false][$0] },
      write: { .plain("\($0)") })
  }
}

extension ValueType<WeeklyHours> {
  static var hours: Self {
    .text(
      LocalizedText(
        "hours such as “mon-fri 08:00-16:00”, “sun 02:00-06:00” or “daily 23:30-00:30”",
        "et tidsrum som „mon-fri 08:00-16:00“, „sun 02:00-06:00“ eller „daily 23:30-00:30“"), { WeeklyHours($0) },
      write: { .text($0.description) })
  }
}

// MARK: Names and numbers of the exchange

extension ValueType<SystemID> {
  static var systemID: Self {
    .checked(
      LocalizedText(
        "a UUID of lower-case hexadecimal digits (8-4-4-4-12)",
        "et UUID af hexadecimale cifre med små bogstaver (8-4-4-4-12)"),
      { text throws(ValueError) in try SystemID(text) }, write: \.rawValue)
  }
}

extension ValueType<CVRNumber> {
  static var cvr: Self {
    .checked(
      LocalizedText("a CVR number of 8 digits", "et CVR-nummer på 8 cifre"),
      { text throws(ValueError) in try CVRNumber(text) }, write: \.digits)
  }
}

extension ValueType<FileNamePattern> {
  static var fileNamePattern: Self {
    let expected = LocalizedText(
      "a pattern of file names such as SF2900_*.xml", "et mønster for filnavne som SF2900_*.xml")
    return Self(expected: expected) { entry, _ in
      guard let text = entry.text(expected) else { return nil }
      do throws(ValueError) {
        return try FileNamePattern(text)
      } catch {
        entry.report(
          .badValue,
          .found(LocalizedText("\(Entry.shown(text)), ") + error.found, expected: error.expected), remedy: error.remedy)
        return nil
      }
    } write: { pattern, _ in
      .text(pattern.description)
    }
  }
}

extension ValueType<InfRef> {
  /// An InfRef spelt right for its place, or declared by the register.
  static func infRef(in place: InfRefPlace) -> Self {
    let expected = LocalizedText("an InfRef", "en InfRef")
    return Self(expected: expected) { entry, reader in
      guard let text = entry.text(expected) else { return nil }
      for finding in InfRef.check(text, register: reader.register, place: place) {
        entry.log.report(
          .badValue, at: entry.place, keyPath: entry.keyPath,
          LocalizedText(
            "found \(Entry.shown(text)) \(place.phrase()): \(finding.message)",
            "fandt \(Entry.shown(text)) \(place.phrase(in: .danish)): \(finding.message(in: .danish))"),
          remedy: LocalizedText(finding.remedy, finding.remedy(in: .danish)),
          severity: finding.severity == .error ? .error : .warning)
      }
      return try? InfRef(text, register: reader.register)
    } write: { infRef, _ in
      .text(infRef.name)
    }
  }
}

extension ValueType<String> {
  /// The name of an SFTP user, as used in triggers.
  static var userName: Self {
    .text(
      LocalizedText("an SFTP user's name of 1 to 255 characters", "en SFTP-brugers navn på 1 til 255 tegn")
    ) { text in
      let fits = (1...255).contains(text.unicodeScalars.count)
      return fits && text.escapingControls == text && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
    }
  }

  /// The name of one of the file's accounts.
  static var accountName: Self {
    reference(
      LocalizedText("an account", "en konto"), \.accountNames,
      among: LocalizedText("of the accounts", "af kontiene"), under: "accounts")
  }

  /// The name of one of the file's routes.
  static var routeName: Self {
    reference(
      LocalizedText("a route", "en rute"), \.routeNames, among: LocalizedText("of the routes", "af ruterne"),
      under: "routes")
  }

  private static func reference(
    _ part: LocalizedText, _ names: any KeyPath<SettingsReader, [String]> & Sendable, among known: LocalizedText,
    under key: String
  ) -> Self {
    let expected = LocalizedText("the name of ", "navnet på ") + part
    return Self(expected: expected) { entry, reader in
      guard let name = entry.text(expected) else { return nil }
      let all = reader[keyPath: names]
      guard all.contains(name) else {
        let list = known + LocalizedText(" " + all.map(Entry.shown).joined(separator: ", "))
        entry.report(
          .unknownReference,
          .found(
            LocalizedText(Entry.shown(name)),
            expected: LocalizedText("one ", "en ")
              + (all.isEmpty ? LocalizedText("under \(key):") : list)),
          remedy: NearestName.to(name, among: all).map { NearestName.question($0) }
            ?? LocalizedText("add it under \(key):", "tilføj den under \(key):"))
        return nil
      }
      return name
    } write: { name, _ in
      .text(name)
    }
  }
}
