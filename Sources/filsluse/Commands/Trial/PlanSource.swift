import ExchangeSettings
import FilsluseBase
import LocalPlatform
import SystemPackage
import TriggerFiles

/// The file that defines a local platform: a plan, or settings whose systems and routes become the plan.
struct PlanSource: Sendable {
  /// The file.
  let file: FilePath
  /// The folder of the platform.
  let directory: FilePath

  /// A plan, with its source files.
  struct Reading: Sendable {
    let plan: PlatformPlanFile
    let files: [FilePath]
    /// The settings, where they are the plan.
    var settings: FilePath?
  }

  /// Reads the plan. A file with the key `accounts:` is settings.
  ///
  /// - Throws: `SettingsError` for errors in the files, `CommandFailure` for settings without a route.
  func read() throws -> Reading {
    guard YAMLFile.hasKey("accounts", in: file) else {
      return Reading(plan: try PlatformPlanFile(reading: file), files: [file])
    }
    let own = try PlanOfRoutes(settings: file, directory: directory)
    return Reading(plan: own.file, files: [file] + (own.register.map { [$0.source] } ?? []), settings: file)
  }

  /// The pause between two looks at the files.
  private static let pause = Duration.milliseconds(250)

  /// Waits until the plan is another one, or is to be tried again. A change that cannot be read is said once, and
  /// changes nothing.
  ///
  /// - Parameters:
  ///   - retryAt: the time from which an unchanged plan is returned, too; `nil` for never.
  ///   - compared: is called with the start of each comparison after which nothing is to be taken up.
  /// - Returns: the plan as it is now; `nil` when the task is cancelled.
  func change(
    of reading: Reading, retryAt: ContinuousClock.Instant?, compared: @Sendable (ContinuousClock.Instant) -> Void
  ) async -> Reading? {
    var files = reading.files
    var seen: [FileVersion?] = []
    var said = ""
    var isUnreadable = false
    while await Self.rest(for: Self.pause) {
      let start = ContinuousClock.now
      let isRetry = retryAt.map { $0 <= start } ?? false
      let versions = await BlockingThreads.shared.run { [files] in files.map { FileVersion(of: $0) } }
      // Within a step of the file system's times a further change would not show. One that cannot be read is tried
      // again when its files change.
      if !isRetry || isUnreadable, versions == seen, versions.allSatisfy({ $0?.isSettled ?? true }) {
        compared(start)
        continue
      }
      seen = versions
      do {
        let now = try await BlockingThreads.shared.run { try read() }
        if isRetry || now.plan != reading.plan { return now }
        (files, said, isUnreadable) = (now.files, "", false)
      } catch {
        let words = (error as? any HasExitStatus)?.explanation ?? "\(error)"
        if words != said { Self.note(unusable: words) }
        (said, isUnreadable) = (words, true)
      }
      compared(start)
    }
    return nil
  }

  /// Pauses; false when the task is cancelled.
  static func rest(for pause: Duration) async -> Bool {
    do {
      try await Task.sleep(for: pause)
      return true
    } catch {
      return false
    }
  }

  /// Says why a changed plan is not taken up.
  static func note(unusable words: String, isRetried: Bool = false) {
    let text = LocalizedText(
      "the changed plan cannot be used, and the platform goes on by the former one",
      "den ændrede plan kan ikke bruges, og platformen fortsætter efter den forrige")
    let retried = LocalizedText("; the changed one is tried again", "; den ændrede prøves igen")
    Output.note("\(words)\nfilsluse: \((isRetried ? text + retried : text).shown)")
  }
}

/// A plan made of the systems and routes of settings and the register that they name.
struct PlanOfRoutes {
  /// The plan.
  let file: PlatformPlanFile
  /// The register; `nil` where the settings name none.
  let register: RouteRegister?

  /// Reads settings and register, and creates the plan.
  ///
  /// - Parameters:
  ///   - path: the settings.
  ///   - directory: the platform's folder; settings of a trial name its host key.
  /// - Throws: `SettingsError` for errors in the files, `CommandFailure` with all gaps if there is no route.
  init(settings path: FilePath, directory: FilePath) throws {
    let settings: ExchangeSettings
    (settings, register) = try ExchangeSettings.loadWithRegister(path)
    OutputLanguage.take(settings)
    let gaps = try PlanGaps(path, settings, register).texts
    guard gaps.isEmpty else { throw CommandFailure(.configuration, gaps.map(\.shown).joined(separator: "\n")) }
    file = PlatformPlanFile(of: settings, register: register, directory: directory)
  }
}

/// The gaps of settings and list that keep a plan from being made, all at once, with file and line.
private struct PlanGaps {
  /// A text for each gap, and how to fill them; empty where a plan can be made.
  let texts: [LocalizedText]

  init(_ file: FilePath, _ settings: ExchangeSettings, _ register: RouteRegister?) throws(CommandFailure) {
    let isEmpty = settings.routes.isEmpty && (register?.routes.isEmpty ?? true)
    guard isEmpty else {
      texts = []
      return
    }
    var gaps: [LocalizedText] = []
    for account in settings.accounts where account.itSystem == nil {
      let place = Self.place(file, try Self.comments(of: file) { $0.contains("it-system:") })
      gaps.append(
        LocalizedText(
          "\(place): the account \(account.name) has no it-system: write its UUID there",
          "\(place): kontoen \(account.name) har intet it-system: skriv dets UUID dér"))
    }
    if let list = register?.source {
      gaps.append(Self.noRoute(in: list, try Self.comments(of: list) { $0.count(where: { $0 == ";" }) > 1 }))
    } else {
      gaps.append(
        LocalizedText(
          "\(file): there is no route; name a list with routes-file: routes.csv",
          "\(file): der er ingen rute; angiv en liste med routes-file: routes.csv"))
    }
    let (system, infRef) = (TrialValues.system(), TrialValues.infRef)
    gaps.append(
      LocalizedText(
        "a trial takes invented values, such as \(system) and \(infRef); filsluse init --trial --directory NAME invents all of them",
        "en prøve kan bruge opfundne værdier, fx \(system) og \(infRef); filsluse init --trial --directory NAVN opfinder dem alle"
      ))
    texts = gaps.map { gap in gap.map { Printable.text($0) } }
  }

  /// A file with the numbers of its lines.
  private static func place(_ file: FilePath, _ lines: [Comment]) -> String {
    lines.isEmpty ? "\(file)" : "\(file):\(lines.map { "\($0.number)" }.joined(separator: ","))"
  }

  /// The gap of a list without a route: the values that its comments leave open, and how these become lines.
  private static func noRoute(in list: FilePath, _ comments: [Comment]) -> LocalizedText {
    let cells = comments.flatMap { comment in comment.text.split(separator: ";").map { String($0) } }
    var open: [LocalizedText] = []
    if comments.isEmpty || cells.contains("INFREF") { open.append(LocalizedText("InfRef")) }
    if !cells.contains(where: { (try? SystemID($0)) != nil }) {
      open.append(LocalizedText("the UUID of the receiving system", "modtagersystemets UUID"))
    }
    let (english, danish) = (open.map(\.en).joined(separator: " and "), open.map(\.da).joined(separator: " og "))
    let fill =
      open.isEmpty ? LocalizedText("") : LocalizedText("fill in \(english), and ", "udfyld \(danish), og ")
    let place = place(list, comments)
    return LocalizedText("\(place): there is no route: ", "\(place): der er ingen rute: ") + fill
      + LocalizedText("take the # away before template and municipalities", "fjern # foran skabelon og kommuner")
  }

  /// A line that is a comment.
  private typealias Comment = (number: Int, text: Substring)

  /// The lines of a file that are comments and fit.
  private static func comments(
    of file: FilePath, where fits: (Substring) -> Bool
  ) throws(CommandFailure) -> [Comment] {
    let text = String(decoding: try InputFile.read(file, upTo: 1 << 20), as: UTF8.self)
    var comments: [Comment] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.drop(while: \.isWhitespace).hasPrefix("#"), fits(line) { comments.append((index + 1, line)) }
    }
    return comments
  }
}
