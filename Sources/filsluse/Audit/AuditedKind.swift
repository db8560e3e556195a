import SystemPackage
import TriggerFiles

/// The kind of a file, by its first bytes and its name, which decides how it is read.
enum AuditedKind: Equatable {
  /// XML, the contract's documents among it.
  case markup
  /// YAML or JSON.
  case structured
  /// A table with a header.
  case table
  /// A mail.
  case mail
  /// Other configuration, with names after labels.
  case configuration
  /// Text for people.
  case prose
  /// A program's log.
  case log
  /// A file that cannot be checked, with the reason.
  case unfit(LocalizedText)

  /// Formats that look like text at times and are none, by the bytes that they begin with.
  private static let containers: [(start: [UInt8], reason: LocalizedText)] = [
    (
      Array("%PDF".utf8), LocalizedText("a PDF: save its text as a .txt file", "en PDF: gem dens tekst som en .txt-fil")
    ),
    (
      [0x50, 0x4B, 0x03, 0x04],
      LocalizedText(
        "a zip, or an xlsx or docx, which is one: save its text as a .txt or .csv file",
        "en zip-fil eller en xlsx eller docx, som er det samme: gem dens tekst som en .txt- eller .csv-fil")
    ),
    ([0x50, 0x4B, 0x05, 0x06], LocalizedText("an empty zip", "en tom zip-fil")),
    (
      [0xD0, 0xCF, 0x11, 0xE0],
      LocalizedText(
        "an old Office document: save its text as a .txt or .csv file",
        "et gammelt Office-dokument: gem dets tekst som en .txt- eller .csv-fil")
    ),
    (
      [0x1F, 0x8B],
      LocalizedText("not text: compressed by gzip; unpack it", "ikke tekst: komprimeret med gzip; pak den ud")
    ), (Array("{\\rtf".utf8), LocalizedText("RTF: save it as plain text", "RTF: gem den som ren tekst")),
    (
      [0x28, 0xB5, 0x2F, 0xFD],
      LocalizedText("not text: compressed by zstd; unpack it", "ikke tekst: komprimeret med zstd; pak den ud")
    ),
    (
      Array("BZh".utf8),
      LocalizedText("not text: compressed by bzip2; unpack it", "ikke tekst: komprimeret med bzip2; pak den ud")
    ),
    (
      [0xFD, 0x37, 0x7A, 0x58, 0x5A],
      LocalizedText("not text: compressed by xz; unpack it", "ikke tekst: komprimeret med xz; pak den ud")
    ),
    (
      [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C],
      LocalizedText("not text: a 7z archive; unpack it", "ikke tekst: et 7z-arkiv; pak det ud")
    ),
    (Array("Rar!".utf8), LocalizedText("not text: a RAR archive; unpack it", "ikke tekst: et RAR-arkiv; pak det ud")),
    ([0xFF, 0xFE, 0, 0], LocalizedText("text in UTF-32: save it as UTF-8", "tekst i UTF-32: gem den som UTF-8")),
    ([0, 0, 0xFE, 0xFF], LocalizedText("text in UTF-32: save it as UTF-8", "tekst i UTF-32: gem den som UTF-8")),
    ([0x89, 0x50, 0x4E, 0x47], LocalizedText("not text: a PNG image", "ikke tekst: et PNG-billede")),
    ([0xFF, 0xD8, 0xFF], LocalizedText("not text: a JPEG image", "ikke tekst: et JPEG-billede")),
    (Array("GIF8".utf8), LocalizedText("not text: a GIF image", "ikke tekst: et GIF-billede")),
    ([0x7F, 0x45, 0x4C, 0x46], LocalizedText("not text: a program", "ikke tekst: et program")),
  ]

  init(start: [UInt8], path: FilePath) {
    if let container = Self.containers.first(where: { start.starts(with: $0.start) }) {
      self = .unfit(container.reason)
      return
    }
    let isUTF16 = start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
    let isBareUTF16 = start.starts(with: [0x3C, 0x00]) || start.starts(with: [0x00, 0x3C])
    if (start.contains(0) || Self.isFullOfControls(start)), !isUTF16, !isBareUTF16 {
      self = .unfit(LocalizedText("not text", "ikke tekst"))
      return
    }
    let text = isUTF16 ? start.filter { $0 != 0 } : start
    let isMarkup = isBareUTF16 || text.prefix(64).first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "<")
    let ending = path.extension?.lowercased() ?? ""
    if isMarkup {
      self = .markup
    } else if ending == "eml" || MailMessage.beginsAsMail(text) {
      self = .mail
    } else {
      self = Self.kinds[ending] ?? (Self.isRotatedLog(path) ? .log : .prose)
    }
  }

  /// Returns true if more than a few bytes are control characters that no text has, as in compressed data.
  private static func isFullOfControls(_ start: [UInt8]) -> Bool {
    let count = start.count { $0 < 0x20 && !(0x08...0x0D).contains($0) && $0 != 0x1B }
    return count >= 4 && count * 32 > start.count
  }

  /// `app.log.1`, `app.log-20261129`: a log that was put aside.
  private static func isRotatedLog(_ path: FilePath) -> Bool {
    let name = path.lastComponent?.string.lowercased() ?? ""
    return name.contains(".log.") || name.contains(".log-") || name == "syslog"
  }

  private static let kinds: [String: AuditedKind] = [
    "yaml": .structured, "yml": .structured, "json": .structured, "csv": .table, "tsv": .table,
    "trigger": .markup, "metadata": .markup, "sftpreceipt": .markup, "xml": .markup, "properties": .configuration,
    "conf": .configuration, "cfg": .configuration, "ini": .configuration, "toml": .configuration,
    "env": .configuration, "service": .configuration, "log": .log,
  ]

  var surroundings: InfRefScanner.Surroundings {
    switch self {
    case .markup: .markup
    case .structured, .table, .configuration: .structured
    case .prose, .mail, .unfit: .prose
    case .log: .log
    }
  }
}
