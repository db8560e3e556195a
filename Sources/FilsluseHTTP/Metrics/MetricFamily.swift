internal import FilsluseBase

/// The samples of one name in Prometheus's text format, with their help text.
package struct MetricFamily: Sendable, Hashable {
  /// The type of its samples.
  package enum Kind: String, Sendable, Hashable {
    case gauge
    case counter
  }

  struct Sample: Sendable, Hashable {
    var labels: [(name: String, value: String)]
    var value: Double

    static func == (one: Self, other: Self) -> Bool {
      one.value == other.value && one.labels.elementsEqual(other.labels, by: ==)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(value)
      for label in labels {
        hasher.combine(label.name)
        hasher.combine(label.value)
      }
    }
  }

  let name: String
  let kind: Kind
  let help: String
  var samples: [Sample] = []

  /// A family without samples.
  package init(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    self.kind = kind
    self.help = help
  }

  /// Adds a sample with its labels.
  package mutating func add(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
    samples.append(Sample(labels: labels.map { ($0.key, $0.value) }, value: value))
  }

  /// The family's lines; none where there is no sample.
  package func text() -> String {
    if samples.isEmpty { return "" }
    var text = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      text += name
      if !sample.labels.isEmpty {
        text += "{\(sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ","))}"
      }
      text += " \(Self.text(sample.value))\n"
    }
    return text
  }

  private static func escaped(_ value: String) -> String {
    VisibleText.lines(value).unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return Int64(exactly: value).map(String.init) ?? "\(value)"
  }
}

extension HTTPResponse {
  /// The answer to Prometheus.
  package static func metrics(_ families: [MetricFamily]) -> Self {
    Self(
      .ok, type: "text/plain; version=0.0.4; charset=utf-8", body: families.map { $0.text() }.joined())
  }
}
