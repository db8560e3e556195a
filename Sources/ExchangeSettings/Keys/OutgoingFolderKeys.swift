internal import SystemPackage
internal import TriggerFiles

/// The outgoing folder of a route.
extension WatchedFolder {
  static let table = KeyTable("Outgoing folders", blank: WatchedFolder(path: "")) { table in
    table.required(
      "folder", \.path, .path,
      missing: LocalizedText("the folder whose files this route delivers", "den mappe, hvis filer ruten leverer"),
      "The folder.")
    table.key(
      "settled-for", \.settledFor, .period,
      "A file is taken when its size and time have stood still for so long.")
    table.optional(
      "ready-marker", \.readyMarker, .ending, example: ".ready",
      "In place of settled-for: a.csv is taken when a.csv.ready stands beside it.")
    table.key(
      "accepted", \.whenAccepted, .word(LocalizedText("keep or remove", "keep eller remove")),
      "What becomes of an accepted file. keep: it is moved to sent/ in that folder; remove: it is removed.")
    table.optional(
      "keep-sent", \.keepSent, .period, otherwise: "for ever", "How long sent/ keeps the files.")
  }
}

extension SectionFields<WatchedFolder> {
  mutating func checkKeepSent() {
    if self[\.keepSent] != nil, form.whenAccepted == .remove {
      report(
        .conflict, at: \.keepSent,
        LocalizedText(
          "accepted files are removed at once, expected no keep-sent",
          "accepterede filer fjernes straks, forventede ingen keep-sent"),
        remedy: LocalizedText("remove one of the two", "fjern den ene"))
    }
  }
}

extension ValueType<String> {
  fileprivate static var ending: Self {
    .text(
      LocalizedText("an ending such as .ready", "en endelse som .ready"),
      remedy: LocalizedText("begin it with a dot", "begynd den med et punktum")
    ) { text in
      let isSound = text.escapingControls == text && !text.contains("/") && (2...32).contains(text.utf8.count)
      return isSound && text.hasPrefix(".")
    }
  }
}
