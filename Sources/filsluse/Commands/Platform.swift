import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import Logging
import SystemPackage
import TriggerFiles
import UnixSignals

/// `filsluse platform`: the platform on this machine, for trials.
struct Platform: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "platform",
    abstract: LocalizedText(
      "Run a stand-in for the platform on this machine, until it is interrupted.",
      "Kør en efterligning af platformen på denne maskine, til den afbrydes."
    ).shown,
    discussion: LocalizedText(
      """
      An SSH server on 127.0.0.1 with a user for each system, and a router that routes what they deliver. Each \
      system's filsluse.yaml is written ready to use. A file whose name still lies in the recipient's IN is held back, with \
      its receipt, until it is fetched from there: nothing is overwritten, and the log says so. Run again in the same folder, it has the same keys and port.

      Without a plan it is the demo's: a fagsystem with a route for each municipality to flis. The plan can be your own \
      settings: the platform then has their systems and routes, those of their list too, and takes up each change of them \
      while it runs, as it does with a plan: no connection ends, and files of a new route can be sent at once. Another port \
      or own-roots starts its SSH server again. A plan of your own is a YAML file; filsluse routes platform makes one of your \
      routes. Samples/plan.yaml explains it:

      systems:
        fagsystem: { it-system: 0d8a7a5c-1111-4222-8333-444455556666, authority: "55133018" }
        flis: { it-system: 0d8a7a5c-1111-4222-8333-444455557777, authority: "64942212" }
      routes:
        flis-0751: { infref: FagsystemdefineredeDataRefGDPR1203_1, from: fagsystem, to: flis, authority: "55133018" }
      """,
      """
      En SSH-server på 127.0.0.1 med en bruger for hvert system og en router, der fordeler det, de leverer. Hvert systems \
      filsluse.yaml skrives klar til brug. En fil, hvis navn stadig ligger i modtagerens IN, holdes tilbage med sin kvittering, til \
      den er hentet derfra: intet overskrives, og loggen siger det. Køres den igen i samme mappe, har den de samme nøgler og den \
      samme port.

      Uden en plan er den demoens: et fagsystem med en rute for hver kommune til flis. Planen kan være jeres egne \
      indstillinger: platformen har så deres systemer og ruter, også dem fra deres liste, og følger hver ændring af dem, \
      mens den kører, ligesom med en plan: ingen forbindelse afbrydes, og en ny rutes filer kan sendes med det samme. En anden \
      port eller own-roots starter dens SSH-server igen. Jeres egen plan er en YAML-fil; filsluse routes platform laver en af jeres \
      ruter. Samples/plan.yaml forklarer den:

      systems:
        fagsystem: { it-system: 0d8a7a5c-1111-4222-8333-444455556666, authority: "55133018" }
        flis: { it-system: 0d8a7a5c-1111-4222-8333-444455557777, authority: "64942212" }
      routes:
        flis-0751: { infref: FagsystemdefineredeDataRefGDPR1203_1, from: fagsystem, to: flis, authority: "55133018" }
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "The folder for everything that the platform has.", "Mappen til alt, hvad platformen har.", valueName: "dir"),
    completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp(
      "The systems and routes of the platform, as a plan or as your settings; by default the demo's.",
      "Platformens systemer og ruter, som en plan eller som jeres indstillinger; som standard demoens.",
      valueName: "file"), completion: .file())
  var plan: String?

  @Option(
    help: ArgumentHelp(
      "The port; by default the one it had the last time, or else a free one.",
      "Porten; som standard den fra sidste gang eller en ledig."))
  var port: UInt16?

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let source = plan.map { PlanSource(file: FilePath($0), directory: FilePath(directory)) }
    let first = try source?.read()
    Output.becomeService()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await serve(source, from: first) }
      group.addTask { for await _ in signals { return } }
      // Whichever ends first ends the other: a signal the platform, the platform's failure the waiting.
      defer { group.cancelAll() }
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
    Output.note("filsluse: \(LocalizedText("the platform has ended", "platformen er stoppet").shown)")
  }

  /// A change of the plan that needs a restart of the SSH server.
  private struct Restart: Sendable {
    let former: PlanSource.Reading
    let next: PlanSource.Reading
    /// True if `next` is the plan by which the platform could not start before.
    let isRetry: Bool
  }

  /// The plans of a start.
  private struct Start: Sendable {
    /// The plan to start by; `nil` for the demo's.
    var reading: PlanSource.Reading?
    /// The plan that was read last; another one is a change.
    var latest: PlanSource.Reading?
    /// The plan before this one; `nil` at the start of the command.
    var former: PlanSource.Reading?
    /// The time of the next start by `latest`, if the platform could not start by it.
    var retryAt: ContinuousClock.Instant?
    /// The reported reason of the last failed start by `latest`.
    var said: String?
  }

  /// Runs the platform until the task is cancelled, and starts it again by a plan that the running one cannot take up.
  /// Where it cannot start by a changed plan, it goes on by the former one, and tries the changed one again. The pauses
  /// grow beyond those of other changes, since each try ends all connections.
  private func serve(_ source: PlanSource?, from first: PlanSource.Reading?) async throws {
    var start = Start(reading: first, latest: first)
    var backoff = Backoff(first: .seconds(5), longest: .seconds(600))
    while true {
      let hasStarted = Locked(false)
      do {
        guard let change = try await serve(source, start, hasStarted) else { return }
        if !change.isRetry { backoff.reset() }
        start = Start(
          reading: change.next, latest: change.next, former: change.former, said: change.isRetry ? start.said : nil)
      } catch let error as PlatformError {
        // With an earlier plan that worked, it starts again by that; without one, the command fails.
        guard let fallback = start.former, start.reading?.plan != fallback.plan, !hasStarted.withLock({ $0 }),
          !Task.isCancelled
        else { throw error }
        let words = error.explanation
        if words != start.said { PlanSource.note(unusable: words, isRetried: true) }
        (start.reading, start.retryAt, start.said) = (fallback, ContinuousClock.now + backoff.next(), words)
      }
    }
  }

  /// Runs the platform until its plan asks for another start or the task is cancelled, and ends it then.
  ///
  /// - Parameter hasStarted: is set when the platform takes connections.
  /// - Returns: the changed plan; `nil` when the task is cancelled.
  private func serve(_ source: PlanSource?, _ start: Start, _ hasStarted: Locked<Bool>) async throws -> Restart? {
    let reading = start.reading
    var options = reading.map { LocalPlatform.Options($0.plan, port: port) } ?? LocalPlatform.Options(port: port)
    options.followsPlan = source != nil
    let (json, wanted, givenPort) = (output.json, options.port, port)
    return try await withLocalPlatform(
      at: FilePath(directory), plan: reading?.plan.plan ?? .demo, options: options,
      logger: CommandLogger.make(from: .info, .text)
    ) { platform -> Restart? in
      hasStarted.withLock { $0 = true }
      let planFile = source?.file.absolute.lexicallyNormalized()
      try await BlockingThreads.shared.run { () throws(PlatformError) in try platform.remember(planFile: planFile) }
      if let former = start.former?.plan.plan {
        let isSuccess = start.said != nil && start.retryAt == nil
        if former != platform.plan || isSuccess { Self.note(changed: former, to: platform.plan) }
      } else {
        let card = PlatformCard(platform, own: reading?.settings)
        if json { try Output.print(json: card) } else { Output.print(card.text) }
      }
      if let wanted, wanted != platform.port { Self.note(taken: wanted, using: platform.port) }
      if let source, let reading, let latest = start.latest {
        return await Self.follow(
          source, reading, latest: latest, retryAt: start.retryAt, port: givenPort, on: platform)
      }
      while await PlanSource.rest(for: .seconds(3600)) {}
      return nil
    }
  }

  /// Applies each change of the plan to the running platform. A change that fails is retried with growing pauses; the
  /// first failure and the later success are reported.
  ///
  /// - Parameters:
  ///   - first: the plan that was read last; another one is a change.
  ///   - retryAt: the time from which that plan is tried again, if the platform does not go by it.
  /// - Returns: a change that needs a restart; `nil` if the task is cancelled.
  private static func follow(
    _ source: PlanSource, _ reading: PlanSource.Reading, latest first: PlanSource.Reading,
    retryAt: ContinuousClock.Instant?, port: UInt16?, on platform: LocalPlatform
  ) async -> Restart? {
    var (current, latest) = (reading, first)
    var backoff = Backoff(first: .seconds(1), longest: .seconds(60))
    var retryAt = retryAt
    var said: String?
    while let next = await source.change(
      of: latest, retryAt: retryAt, compared: { platform.noteComparison(startedAt: $0) })
    {
      let (former, isChanged) = (platform.plan, next.plan != latest.plan)
      if isChanged { backoff.reset() }
      do throws(PlatformError) {
        guard try await platform.goOn(by: next.plan.plan, LocalPlatform.Options(next.plan, port: port)) else {
          return Restart(former: current, next: next, isRetry: !isChanged)
        }
        if former != platform.plan || said != nil { note(changed: former, to: platform.plan) }
        (current, retryAt, said) = (next, nil, nil)
      } catch {
        guard !Task.isCancelled else { return nil }
        let words = error.explanation
        if isChanged || words != said { PlanSource.note(unusable: words, isRetried: true) }
        (retryAt, said) = (ContinuousClock.now + backoff.next(), words)
      }
      latest = next
    }
    return nil
  }

  /// Reports that the platform goes on with a changed plan, and names the new and the removed routes.
  private static func note(changed former: PlatformPlan, to plan: PlatformPlan) {
    func names(_ routes: [PlatformRoute], without others: [PlatformRoute]) -> String? {
      let known = Set(others.map { [$0.sender, $0.name] })
      let found = routes.filter { !known.contains([$0.sender, $0.name]) }.map(\.name)
      let more = found.count > 5 ? " … (\(found.count))" : ""
      return found.isEmpty ? nil : found.prefix(5).joined(separator: ", ") + more
    }
    let (new, gone) = (names(plan.routes, without: former.routes), names(former.routes, without: plan.routes))
    let added = new.map { LocalizedText("; new: \($0)", "; nye: \($0)") } ?? LocalizedText("")
    let removed = gone.map { LocalizedText("; gone: \($0)", "; væk: \($0)") } ?? LocalizedText("")
    let text =
      LocalizedText(
        "the plan has changed, and the platform goes on by it",
        "planen er ændret, og platformen fortsætter efter den") + added + removed
    Output.note("filsluse: \(Printable.text(text.shown))")
  }

  /// Reports that settings with the requested port do not lead to this platform.
  private static func note(taken wanted: UInt16, using port: UInt16) {
    let text = LocalizedText(
      "port \(wanted) is another program's, and the platform has port \(port): settings that name \(wanted) do not reach it; end that program and start the platform again, or change the port in both",
      "port \(wanted) bruges af et andet program, og platformen har port \(port): indstillinger med \(wanted) når den ikke; stop det program, og start platformen igen, eller ret porten begge steder"
    )
    Output.note("filsluse: \(text.shown)")
  }
}

/// The facts that a user needs about a running platform.
private struct PlatformCard: Encodable {
  struct System: Encodable {
    let name: String
    let title: String
    let settings: String
  }

  let host: String
  let port: UInt16
  let hostKey: String
  let directory: String
  let isDemo: Bool
  let noOwnRootsBecause: String?
  let systems: [System]
  /// Command lines that try the first route.
  let example: [String]

  /// - Parameter own: the settings that are the plan, if any.
  init(_ platform: LocalPlatform, own: FilePath?) {
    isDemo = platform.plan == .demo
    host = platform.host
    port = platform.port
    hostKey = platform.hostKeyFingerprint.description
    directory = platform.directory.string
    noOwnRootsBecause = platform.noOwnRootsBecause?.shown
    // The lines are for another shell, which may be in another folder.
    let own = own.map { $0.absolute.lexicallyNormalized() }
    let trial = TrialSettings(platform.plan, directory: platform.directory, own: own)
    systems = platform.plan.systems.map {
      System(name: $0.name, title: $0.title, settings: trial.file(of: $0.name).string)
    }
    example = TrialCommands(trial)?.linesBesideThePlatform ?? []
  }

  var text: String {
    var facts = Facts()
    facts.add("host", "vært", host)
    facts.add("port", "\(port)")
    facts.add("host key", "værtsnøgle", hostKey)
    facts.add("directory", "mappe", directory)
    if let noOwnRootsBecause {
      facts.add(
        "root", "rod",
        LocalizedText(
          "the machine's own for every user, since \(noOwnRootsBecause)",
          "maskinens egen for alle brugere, for \(noOwnRootsBecause)"))
    }
    var table = Table(header: ("SYSTEM|SETTINGS|WHAT IT IS", "SYSTEM|INDSTILLINGER|HVAD DET ER"))
    for system in systems { table.add([system.name, system.settings, system.title].map(Printable.text)) }
    let made = LocalizedText(
      "The CVR numbers 9900xxxx of this platform are a test series and belong to nobody. ",
      "CVR-numrene 9900xxxx på denne platform er en testserie og tilhører ingen. ")
    let end = LocalizedText("End it with Ctrl-C.", "Stop den med Ctrl-C.")
    return "\(facts.text)\n\n\(table.text)\n\n\(exampleText)\(isDemo ? made.shown : "")\(end.shown)"
  }

  private var exampleText: String {
    guard !example.isEmpty else { return "" }
    let heading = LocalizedText("Try it, in another shell:", "Prøv den, i en anden terminal:").shown
    let lines = example.map { "  \(Printable.text($0))\n" }.joined()
    let change = TrialCommands.afterAChange.shown
    let advice = isDemo ? "" : "\(change.prefix(1).uppercased())\(change.dropFirst()). "
    return "\(heading)\n\(lines)\n\(advice)"
  }
}

extension PlatformError: HasExitStatus {
  var explanation: String { "filsluse: \(inBothLanguages.shown)" }
  var reportedRemedy: String? { remedy.shown }

  var exitStatus: ExitStatus {
    switch code {
    case .missingProgram, .programFailed, .serverEnded, .portTaken: .unreachable
    case .unusableName, .unusablePlan: .configuration
    case .inUse: .notDoneYet
    default: .localIO
    }
  }
}
