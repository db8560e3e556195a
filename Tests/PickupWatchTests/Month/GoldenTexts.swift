import ExchangeSettings
import Foundation
import Testing

/// The texts that the scripted month must send, written down by hand in one language.
///
/// A text begins with a line of its time, place, subject and reason. Numbers of alerts, ports and fingerprints, which
/// are others each time, are left open.
struct GoldenTexts {
  private let texts: [String: [String]]
  private let language: AlertSettings.Language

  init(_ language: AlertSettings.Language) throws {
    self.language = language
    let file = URL(filePath: #filePath).appending(path: "../../../MonthTexts/\(language).txt").standardized
    var texts: [String: [String]] = [:]
    var key = ""
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("== ") {
        key = String(line.dropFirst(3))
        texts[key] = []
      } else {
        texts[key]?.append(String(line))
      }
    }
    self.texts = texts.mapValues(Self.trimmed)
  }

  func expect(_ sent: [MonthStage.SentText]) throws {
    for one in sent {
      let text = Self.trimmed(one.text.map(Self.open))
      #expect(texts[one.line] == text, "\(language), \(one.line):\n\(text.joined(separator: "\n"))")
    }
    #expect(Set(texts.keys) == Set(sent.map(\.line)), "\(language)")
  }

  private static func trimmed(_ lines: [String]) -> [String] {
    Array(lines.reversed().drop { $0.isEmpty }.reversed())
  }

  /// The line with its numbers left open, and the step of acknowledging as the command words it.
  private static func open(_ line: String) -> String {
    line.replacing(/(Kvittér|Acknowledge): (alarm|alert) [0-9]+/) { "\($0.1): filsluse alerts ack N" }.replacing(
      /SHA256:[A-Za-z0-9+\/]+/, with: "SHA256:…"
    )
    .replacing(/127\.0\.0\.1:[0-9]{2,}/, with: "127.0.0.1:PORT")
  }
}
