/// The remedy for an error or a problem: what a person is to do about it, with CPR-like numbers masked.
///
/// A remedy may name steps that this toolkit offers, such as trying a delivery again. A library does not know by what
/// name its user reaches them, so they are values: by default a step is worded for a program that uses the library
/// (`retry D7`), and a command words them as its own command lines (``wordSteps(by:)``).
///
/// `\(step)` in a literal puts a step into the sentence. `\(by: step)` adds it in brackets after what the sentence says
/// already, where it is worded as a command line; otherwise it adds nothing.
public struct Remedy: Sendable, Hashable, CustomStringConvertible {
  /// A step that this toolkit offers. Numbers of deliveries and arrivals are written as `D12` and `A7`.
  public enum Step: Sendable, Hashable {
    /// Send a file.
    case send
    /// Send a file again that was delivered before.
    case sendAgain
    /// Choose another name on the wire for a file.
    case nameOnWire
    /// State the municipality, by its code, that a file holds.
    case stateMunicipality(String)
    /// Collect arrivals.
    case receive
    /// Exchange files unattended.
    case run
    /// Have the unattended run read its settings again.
    case reload
    /// Try a delivery or an arrival again.
    case retry(String)
    /// Cancel a delivery; any one without a number.
    case cancel(String?)
    /// Stop waiting for the receipt of a delivery.
    case giveUp(String)
    /// List the open problems.
    case listProblems
    /// Close the problem that a delivery or an arrival is.
    case closeProblem(String)
    /// List the journal's deliveries and arrivals.
    case listJournal
    /// Show everything that the journal has of a delivery or an arrival.
    case showJournal(String)
    /// Check the journal.
    case checkJournal
    /// Put a copy in the journal's place; any copy without a path.
    case restoreJournal(from: String?)
    /// Restore the journal although entries are lost.
    case acceptLoss
    /// Save a copy of the journal.
    case backUpJournal
    /// Name the settings file.
    case nameSettings
  }

  fileprivate enum Part: Sendable, Hashable {
    case text(String)
    case step(Step)
    case bracketed(Step)
  }

  private let parts: [Part]

  /// A remedy that names no step.
  public init(_ text: String) { parts = [.text(text)] }

  /// The steps that it names.
  public var steps: [Step] {
    parts.compactMap { part in
      switch part {
      case .text: nil
      case .step(let step), .bracketed(let step): step
      }
    }
  }

  /// The sentence, in the words of this process.
  public var description: String {
    let wording = Self.wording.withLock { $0 }
    let text = parts.map { part in
      switch part {
      case .text(let text): text
      case .step(let step): wording?(step) ?? step.name
      case .bracketed(let step): wording.map { " (\($0(step)))" } ?? ""
      }
    }
    return Masked.name(text.joined())
  }

  /// True if there is nothing to say.
  public var isEmpty: Bool { parts.allSatisfy { $0 == .text("") } }

  private static let wording = Locked<(@Sendable (Step) -> String)?>(nil)

  /// Sets the words for steps in this process, once at its start: those of its own command lines.
  public static func wordSteps(by wording: @escaping @Sendable (Step) -> String) {
    self.wording.withLock { $0 = wording }
  }
}

extension Remedy: ExpressibleByStringInterpolation {
  /// A remedy from a literal without interpolations.
  public init(stringLiteral text: String) { self.init(text) }

  /// A remedy from a literal with texts and steps.
  public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// The texts and steps of a literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    /// An empty literal.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds a piece of the sentence.
    public mutating func appendLiteral(_ text: String) { parts.append(.text(text)) }

    /// Adds a value's text.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      parts.append(.text(value.description))
    }

    /// Adds the pieces of another remedy.
    public mutating func appendInterpolation(_ remedy: Remedy) { parts += remedy.parts }

    /// Adds a step to the sentence.
    public mutating func appendInterpolation(_ step: Step) { parts.append(.step(step)) }

    /// Adds a step in brackets where it is worded as a command line.
    public mutating func appendInterpolation(by step: Step) { parts.append(.bracketed(step)) }
  }
}

extension Remedy.Step: CustomStringConvertible {
  /// The step in the words of this process.
  public var description: String { Remedy("\(self)").description }

  /// The step for a program that uses the library.
  fileprivate var name: String {
    switch self {
    case .send: "a delivery"
    case .sendAgain: "an order to send it again"
    case .nameOnWire: "another name in the order"
    case .stateMunicipality(let code): "state that it holds \(code)"
    case .receive: "a collection"
    case .run: "the unattended run"
    case .reload: "reload"
    case .retry(let number): "retry \(number)"
    case .cancel(let number): number.map { "cancel \($0)" } ?? "cancel"
    case .giveUp(let number): "give up \(number)"
    case .listProblems: "the list of open problems"
    case .closeProblem(let number): "close the problem \(number)"
    case .listJournal: "the list of the journal"
    case .showJournal(let number): "the journal's entries of \(number)"
    case .checkJournal: "check the journal"
    case .restoreJournal: "restore the journal"
    case .acceptLoss: "restore it and accept the loss"
    case .backUpJournal: "back up the journal"
    case .nameSettings: "name the settings file"
    }
  }
}
