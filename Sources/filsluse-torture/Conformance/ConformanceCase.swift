import SystemPackage

/// What every server is asked to do.
enum ConformanceCase: String, CaseIterable, Sendable {
  case send
  case inPlace = "in-place"
  case collect
  case resumeSend = "resume-send"
  case resumeCollect = "resume-collect"
  case empty
  case large
  case danish
  case crowd
  case watch

  /// The column's heading in the matrix.
  var title: String {
    switch self {
    case .send: "send"
    case .inPlace: "in place"
    case .collect: "collect"
    case .resumeSend: "resume up"
    case .resumeCollect: "resume down"
    case .empty: "0 bytes"
    case .large: "100 MB"
    case .danish: "æøå"
    case .crowd: "5,000 names"
    case .watch: "watch"
    }
  }

  /// A sentence about the case.
  var explanation: String {
    switch self {
    case .send: "`filsluse send` delivers three files; data and trigger are whole in OUT, and nothing else is there."
    case .inPlace:
      "The SFTP client writes a file under its own name, then a shorter one over it, and reads it back: no rename."
    case .collect: "`filsluse receive` collects three pairs bit for bit and removes them from IN."
    case .resumeSend: "The connection of `filsluse send` is cut at 60 % of a file; the same run delivers it whole."
    case .resumeCollect:
      "The connection of `filsluse receive` is cut at 60 % of a file; the same run collects it whole."
    case .empty: "An empty file is sent, and another collected."
    case .large: "A file of 100 MB is sent, and another collected."
    case .danish: "Files whose names hold æ, ø, å and spaces are sent and collected."
    case .crowd: "`filsluse receive` sees all of 5,000 names in IN and collects the one pair among them."
    case .watch: "`filsluse watch --once` finds that IN holds more files than a rule permits."
    }
  }
}

/// How much the cases carry.
struct ConformanceLoad: Sendable {
  /// The large file, in bytes.
  let large: Int
  /// The file whose transfer is cut, in bytes: far more than can be under way at a time.
  let cut: Int
  /// The names in the crowded IN.
  let names: Int

  static let full = ConformanceLoad(large: 100_000_000, cut: 24 << 20, names: 5_000)
  static let short = ConformanceLoad(large: 1_000_000, cut: 6 << 20, names: 300)
}

/// What became of a case on a server.
struct ConformanceOutcome: Sendable {
  /// One word or few for the matrix: `ok`, or what went wrong, always in the same words.
  let word: String
  /// What was said, for a person who looks into it.
  var detail = ""

  static let ok = ConformanceOutcome(word: "ok")
}
