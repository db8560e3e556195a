/// The cases that run on every server; the documentation's article on servers says what each passes by.
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
}

/// The sizes and numbers of files in the cases.
struct ConformanceLoad: Sendable {
  /// The large file, in bytes.
  let large: Int
  /// The file whose transfer is cut, in bytes: more than can be under way at a time, and than is fetched again whole.
  let cut: Int
  /// The names in the crowded IN.
  let names: Int

  static let full = ConformanceLoad(large: 100_000_000, cut: 24 << 20, names: 5_000)
  static let short = ConformanceLoad(large: 1_000_000, cut: 18 << 20, names: 300)
}

/// The outcome of a case on a server.
struct ConformanceOutcome: Sendable {
  /// The cell in the matrix: `ok`, or a few words that are the same in every run.
  let word: String
  /// The messages and output behind it.
  var detail = ""

  static let ok = ConformanceOutcome(word: "ok")
}
