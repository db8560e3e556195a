/// The times of an exchange measurement, and the table of them.
struct ExchangeResults: Sendable {
  let deliveries: Int
  private var seconds: [ExchangeField.Line: [ExchangeField.Contender: [Double]]] = [:]
  private var collecting: [ExchangeField.Line: [Double]] = [:]
  private var router: [Double] = []

  init(deliveries: Int) { self.deliveries = deliveries }

  mutating func add(_ seconds: Double, _ contender: ExchangeField.Contender, _ line: ExchangeField.Line) {
    self.seconds[line, default: [:]][contender, default: []].append(seconds)
  }

  mutating func addCollecting(_ seconds: Double, _ line: ExchangeField.Line) {
    collecting[line, default: []].append(seconds)
  }

  mutating func addRouter(_ seconds: Double) { router.append(seconds) }

  /// A line per contender: its rate, and what share of the bare client's rate on the same line that is.
  func text(roundTripMilliseconds: Int) -> String {
    var text = "\(deliveries) deliveries; medians, connecting and logging on included.\n"
    let order = ["loopback", "the proxy without delay", "delayed"]
    for (line, contenders) in seconds.sorted(by: {
      order.firstIndex(of: $0.key.title) ?? 0 < order.firstIndex(of: $1.key.title) ?? 0
    }) {
      let title = if case .delayed = line { "\(roundTripMilliseconds) ms round trip" } else { line.title }
      text += "\n\(title)\n"
      let bare = contenders[.bare]?.median ?? .nan
      for contender in ExchangeField.Contender.allCases {
        guard let times = contenders[contender] else { continue }
        let share = contender == .bare ? "" : ", \(Self.twoPlaces(bare / times.median)) of the bare client's"
        text += "  \(contender.title): \(rate(times))/s\(share) \(Self.list(times))\n"
      }
      for ratio in Self.ratios {
        guard let one = contenders[ratio.of], let other = contenders[ratio.to] else { continue }
        text += "  ratio of rates, \(ratio.title): \(Self.twoPlaces(other.median / one.median))\n"
      }
      if let times = collecting[line] { text += "  collected pairs: \(rate(times))/s \(Self.list(times))\n" }
    }
    return text + "\nthe router alone: \(rate(router))/s \(Self.list(router))"
  }

  private typealias Contender = ExchangeField.Contender

  /// The contenders whose rates are compared with each other.
  private static let ratios: [(of: Contender, to: Contender, title: String)] = [
    (.server, .journal, "PostgreSQL / SQLite, one machine"),
    (.farServer, .journal, "PostgreSQL 2 ms away / SQLite, one machine"),
    (.machines, .server, "three machines / one, PostgreSQL"),
    (.machinesFarFromServer, .farServer, "three machines / one, PostgreSQL 2 ms away"),
  ]

  private func rate(_ times: [Double]) -> Int {
    let rate = Double(deliveries) / times.median
    return rate.isFinite ? Int(rate.rounded()) : 0
  }

  private static func list(_ times: [Double]) -> String {
    "(" + times.map { "\(twoPlaces($0)) s" }.joined(separator: ", ") + ")"
  }

  private static func twoPlaces(_ number: Double) -> String {
    guard number.isFinite else { return "-" }
    let hundredths = Int((number * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
