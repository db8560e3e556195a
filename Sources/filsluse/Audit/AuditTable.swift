import FilsluseBase
import TriggerFiles

extension Audit {
  /// The findings, a line each; `nil` when there are none.
  var table: String? {
    var table = Table(
      header: LocalizedText("VERDICT|PLACE|TAKEN FOR|NAME|CODE|FINDING", "DOM|STED|LÆST SOM|NAVN|KODE|FUND")[language]
        .split(separator: "|").map(String.init))
    for entry in entries {
      let remedy = entry.remedy.map { "; \($0)" } ?? ""
      let more =
        entry.more.map {
          LocalizedText(" (and \($0) more of it in this file)", " (og \($0) til af samme slags i filen)")[language]
        } ?? ""
      table.add([
        entry.verdict.word(in: language), entry.location,
        entry.place.map { InfRefPlace(rawValue: $0)?.title(in: language) ?? $0 } ?? "", entry.shortName,
        entry.code ?? "",
        Printable.text((entry.message ?? "") + remedy + more),
      ])
    }
    if unlisted > 0 {
      let text = LocalizedText(
        "\(unlisted) more findings are counted and not listed", "\(unlisted) fund til er talt med og ikke vist")
      table.add(["", "", "", "", "", text[language]])
    }
    return table.isEmpty ? nil : table.text
  }

  /// Lists the files that were not checked, and those read in another encoding.
  func noteSkipped() {
    let shown = 20
    // Files that could not be checked come first: a person must act on them.
    let ordered = skipped.filter { $0.kind != .link } + skipped.filter { $0.kind == .link }
    for skipped in ordered.prefix(shown) {
      let how =
        skipped.kind == .link
        ? LocalizedText("was skipped", "er sprunget over") : LocalizedText("is not judged", "er ikke bedømt")
      Output.note("filsluse: \(skipped.path) \(how[language]): \(skipped.reason)")
    }
    if ordered.count > shown {
      let more = ordered.count - shown
      let text = LocalizedText(
        "\(more) more are not judged; --format json names them all",
        "\(more) til er ikke bedømt; --format json nævner dem alle")
      Output.note("filsluse: \(text[language])")
    }
    for note in notes.prefix(shown) { Output.note("filsluse: \(note.path): \(note.text)") }
    if notes.count > shown {
      let more = notes.count - shown
      let text = LocalizedText(
        "\(more) more notes; --format json has them all", "\(more) bemærkninger til; --format json har dem alle")
      Output.note("filsluse: \(text[language])")
    }
  }

  /// A summary in one line for people: the files checked, and the findings.
  var summary: String {
    let notJudged = skipped.count { $0.kind != .link }
    let size = Readable.megabytes(UInt64(bytes))
    let english =
      "\(files.counted("file")) (\(size)): \(errors.counted("error")), "
      + "\(warnings.counted("warning")), \(good.counted("good name")), \(notJudged) not judged"
    let danish =
      "\(files.counted("fil", "filer")) (\(size.replacing(".", with: ","))): \(errors) fejl, "
      + "\(warnings.counted("advarsel", "advarsler")), "
      + "\(good.counted("rigtigt navn", "rigtige navne")), \(notJudged) ikke bedømt"
    return "filsluse: \(LocalizedText(english, danish)[language])"
  }
}

extension Audit.Verdict {
  fileprivate func word(in language: ReportLanguage) -> String {
    switch self {
    case .good: LocalizedText("good", "god")[language]
    case .warning: Diagnostic.Severity.warning.word(in: language)
    case .error: Diagnostic.Severity.error.word(in: language)
    }
  }
}

extension Audit.Entry {
  private static let longestShown = 60

  /// The name, cut where it would push everything else out of sight.
  fileprivate var shortName: String {
    guard name.unicodeScalars.count > Self.longestShown else { return name }
    var short = String.UnicodeScalarView()
    short.append(contentsOf: name.unicodeScalars.prefix(Self.longestShown))
    return String(short) + "…"
  }

  var location: String { "\(file):\(line):\(column)" }

  /// Everything about it in one line.
  var sentence: String {
    let subject = isName ? "\(name): " : ""
    let taken = place.map { " (\($0))" } ?? ""
    return subject + (message ?? "good") + (remedy.map { "; \($0)" } ?? "") + taken
  }
}
