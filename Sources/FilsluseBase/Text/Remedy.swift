/// The remedy for an error or a problem: the action that a person should take, with CPR-like numbers masked.
///
/// A remedy may name steps of this toolkit, such as trying a delivery again. A library does not know the commands of
/// its user's program, so steps are values: by default a step is worded for a program that uses the library (`retry
/// D7`), and a command words them as its own command lines (``wordSteps(by:)``). A sentence is written in one language:
/// ``description`` words the steps of an English one, and ``inDanish`` those of a Danish one.
///
/// `\(step)` in a literal inserts the step into the sentence. `\(by: step)` appends the step in brackets where steps
/// are worded as command lines, and adds nothing elsewhere.
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
    /// Send although the route register refuses it, for a reason that the journal keeps.
    case overrideRefusal
    /// Collect arrivals.
    case receive
    /// Exchange files unattended.
    case run
    /// Have the unattended run read its settings again.
    case reload
    /// Try a delivery or an arrival again; any one without a number.
    case retry(String?)
    /// Note that a person has taken an arrival over by hand.
    case takeOverByHand(String)
    /// Cancel a delivery; any one without a number.
    case cancel(String?)
    /// Stop waiting for the receipt of a delivery.
    case giveUp(String)
    /// List the open problems.
    case listProblems
    /// List more of the open problems than before. Worded as a clause that says where they are.
    case listMoreProblems
    /// Close the problem that a delivery or an arrival is; any one without a number.
    case closeProblem(String?)
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
    /// Reconcile a journal on a server that has lost entries.
    case reconcileJournal
    /// Save a copy of the journal.
    case backUpJournal
    /// Name the settings file.
    case nameSettings
    /// Make the settings file of a first account.
    case makeSettings
    /// Fetch a server's host keys, to compare them and write them into the file of known hosts.
    case scanHostKeys
    /// Look once at the watcher's folders.
    case watchOnce
    /// Explain the settings of the watcher, as they are read.
    case explainWatch
    /// List the watcher's alerts.
    case listAlerts
    /// Acknowledge an alert; any one without a number.
    case acknowledge(Int64?)
    /// Send a test through every way of alerting.
    case testAlerts
    /// Add a route to the list of routes.
    case addRoute
    /// Change a route that the list of routes has already.
    case replaceRoute
    /// Record that an InfRef is assigned.
    case recordInfRef(String)
    /// Record that an InfRef is created on the platform.
    case recordCreatedInfRef(String)
    /// Record that a GDPR declaration was sent in for a data specification, by the path of one's own copy.
    case recordDeclaration(infRef: String, specification: String)
    /// Record that an onboarding task is done, for a route where it is named.
    case recordTask(String, route: String?)
    /// Record that an onboarding task is not done after all, for a route where it is named.
    case takeBackTask(String, route: String?)
    /// Record that an authority, by its CVR number, has approved the service agreement of a route.
    case recordAgreement(route: String, authority: String)
    /// Record that a route is ordered.
    case recordOrder(route: String)
    /// Record that the platform confirmed the order of a route.
    case recordConfirmedOrder(route: String)
    /// Record that the pickup monitoring of a route is ordered.
    case recordMonitoring(route: String)
    /// Give a line of the list of routes, found by words such as `name=flis-0751`, the authority with a CVR number; any
    /// other one without a number.
    case correctAuthority(line: [String], authority: String?)
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

  /// The sentence, in the words of this process for the steps of an English one.
  public var description: String { text(by: Self.wording.withLock { $0 }) { $0.en } }

  /// The sentence, in the words of this process for the steps of a Danish one.
  public var inDanish: String { text(by: Self.wording.withLock { $0 }) { $0.da } }

  /// The sentence with its steps in one of two languages; without a wording, those of the library.
  package func text(by wording: (@Sendable (Step) -> StepWords)?, _ language: (StepWords) -> String) -> String {
    let text = parts.map { part in
      switch part {
      case .text(let text): text
      case .step(let step): language(wording?(step) ?? step.libraryWords)
      case .bracketed(let step): wording.map { " (\(language($0(step))))" } ?? ""
      }
    }
    return Masked.name(text.joined())
  }

  /// The remedy as a sentence of its own: with a capital letter and a period.
  package var asSentence: Remedy {
    var sentence = StringInterpolation(literalCapacity: 0, interpolationCount: 0)
    sentence.parts = parts + [.text(".")]
    if case .text(let first)? = parts.first {
      sentence.parts[0] = .text(first.prefix(1).uppercased() + first.dropFirst())
    }
    return Remedy(stringInterpolation: sentence)
  }

  /// True if there is nothing to say.
  public var isEmpty: Bool { parts.allSatisfy { $0 == .text("") } }

  /// A step in Danish and in English.
  public typealias StepWords = (da: String, en: String)

  private static let wording = Locked<(@Sendable (Step) -> StepWords)?>(nil)

  /// Sets this process's wording of steps, once at its start: its own command lines.
  public static func wordSteps(by wording: @escaping @Sendable (Step) -> StepWords) {
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
  /// The step in the words of this process, in English.
  public var description: String { Remedy("\(self)").description }

  /// The step in the words of this process, in Danish.
  public var inDanish: String { Remedy("\(self)").inDanish }

  /// The step for a program that uses the library.
  fileprivate var libraryWords: Remedy.StepWords {
    switch self {
    case .send: ("en levering", "a delivery")
    case .sendAgain: ("en ordre om at sende den igen", "an order to send it again")
    case .nameOnWire: ("et andet navn i ordren", "another name in the order")
    case .stateMunicipality(let code): ("oplys, at den indeholder \(code)", "state that it holds \(code)")
    case .overrideRefusal: ("en begrundelse i ordren", "a reason in the order")
    case .receive: ("en afhentning", "a collection")
    case .run: ("den ubemandede drift", "the unattended run")
    case .reload: ("genindlæsning", "reload")
    case .retry(let number?): ("prøv \(number) igen", "retry \(number)")
    case .retry(nil): ("et nyt forsøg", "retry")
    case .takeOverByHand(let number):
      ("notér, at \(number) er overtaget i hånden", "note that \(number) was taken over by hand")
    case .cancel(let number?): ("annullér \(number)", "cancel \(number)")
    case .cancel(nil): ("en annullering", "cancel")
    case .giveUp(let number): ("opgiv \(number)", "give up \(number)")
    case .listProblems: ("listen over åbne problemer", "the list of open problems")
    case .listMoreProblems: ("listen over åbne problemer har dem", "the list of open problems has them")
    case .closeProblem(let number?): ("luk problemet \(number)", "close the problem \(number)")
    case .closeProblem(nil): ("en ordre om at lukke det", "an order to close it")
    case .listJournal: ("listen over journalen", "the list of the journal")
    case .showJournal(let number): ("journalens poster om \(number)", "the journal's entries of \(number)")
    case .checkJournal: ("en kontrol af journalen", "a check of the journal")
    case .restoreJournal: ("gendan journalen", "restore the journal")
    case .acceptLoss: ("gendan den, og godtag tabet", "restore it and accept the loss")
    case .reconcileJournal: ("afstem journalen", "reconcile the journal")
    case .backUpJournal: ("tag en kopi af journalen", "back up the journal")
    case .nameSettings: ("angiv indstillingsfilen", "name the settings file")
    case .makeSettings: ("lav indstillingsfilen", "make the settings file")
    case .scanHostKeys: ("en hentning af serverens værtsnøgler", "a scan of the server's host keys")
    case .watchOnce: ("en enkelt runde af overvågningen", "a single round of the watcher")
    case .explainWatch: ("en forklaring af overvågningens regler", "an explanation of the watcher's rules")
    case .listAlerts: ("listen over alarmer", "the list of alerts")
    case .acknowledge(let alert?): ("alarm \(alert)", "alert \(alert)")
    case .acknowledge(nil): ("en kvittering fra et program", "an acknowledgement by a program")
    case .testAlerts: ("en prøve af alarmerne", "a test of the alerts")
    case .replaceRoute: ("en ordre om at rette linjen", "an order to change the line")
    case .addRoute: ("en ny linje i rutelisten", "a new line in the list of routes")
    case .recordInfRef(let name): ("optegn, at \(name) er tildelt", "record that \(name) is assigned")
    case .recordCreatedInfRef(let name): ("optegn, at \(name) er oprettet", "record that \(name) is created")
    case .recordDeclaration(let infRef, let specification):
      (
        "optegn erklæringen for \(infRef) og \(specification)",
        "record the declaration of \(infRef) and \(specification)"
      )
    case .recordTask(let task, _): ("optegn, at \(task) er udført", "record that \(task) is done")
    case .takeBackTask(let task, _): ("optegn, at \(task) ikke er udført", "record that \(task) is not done")
    case .recordAgreement(let route, let authority):
      ("optegn, at \(authority) har godkendt \(route)", "record that \(authority) has approved \(route)")
    case .recordOrder(let route): ("optegn, at \(route) er bestilt", "record that \(route) is ordered")
    case .recordConfirmedOrder(let route):
      ("optegn, at bestillingen af \(route) er bekræftet", "record that the order of \(route) is confirmed")
    case .recordMonitoring(let route):
      ("optegn, at overvågningen af \(route) er bestilt", "record that the monitoring of \(route) is ordered")
    case .correctAuthority(let line, let authority):
      (
        "giv linjen \(line.joined(separator: " ")) authority=\(authority ?? "CVR")",
        "give the line \(line.joined(separator: " ")) authority=\(authority ?? "CVR")"
      )
    }
  }
}
