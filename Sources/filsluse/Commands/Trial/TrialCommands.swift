import LocalPlatform
import SystemPackage
import TriggerFiles

/// The command lines with which a plan is tried on the local platform, ready to be pasted into a shell.
struct TrialCommands {
  private let route: PlatformRoute
  private let directory: FilePath

  /// Prepares the lines for the first route of a plan; `nil` where it has none.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - directory: the folder of the platform.
  init?(_ plan: PlatformPlan, directory: FilePath) {
    guard let route = plan.routes.first else { return nil }
    (self.route, self.directory) = (route, directory)
  }

  /// Starts the platform beside the shell.
  func platform(plan: FilePath) -> String {
    "filsluse platform --plan \(Self.word(plan)) --directory \(Self.word(directory)) &"
  }

  /// Waits until the platform has started or has ended, and makes a data file.
  var preparation: String {
    let file = Self.word(settings(of: route.recipient))
    return "until [ -e \(file) ] || ! kill -0 $! 2>/dev/null; do sleep 1; done; \(dataFile)"
  }

  /// Makes a data file.
  var dataFile: String { "printf 'a;b\\n' > \(fileName)" }

  /// Sends the data file. The settings are always named: `FILSLUSE_CONFIG` may name those of a real server, and counts
  /// before those of the working folder.
  ///
  /// - Parameter settings: the sender's own settings; `nil` for those that the platform has written for it.
  func send(settings own: FilePath? = nil) -> String {
    let file = Self.word(own ?? settings(of: route.sender))
    return "filsluse send \(fileName) --route \(ShellWord.quoted(route.name)) --config \(file)"
  }

  /// Collects it for its recipient.
  var receive: String { "filsluse receive --config \(Self.word(settings(of: route.recipient)))" }

  /// The lines from the start of the platform to the collected file.
  ///
  /// - Parameters:
  ///   - plan: the plan's file, or the settings whose routes are the plan.
  ///   - settings: the sender's own settings; `nil` for those that the platform writes for it.
  func lines(plan: FilePath, settings own: FilePath?) -> [String] {
    [platform(plan: plan), preparation, send(settings: own), receive]
  }

  /// Shows the lines from the start of the platform to the collected file.
  func show(plan: FilePath, settings own: FilePath?) {
    for line in lines(plan: plan, settings: own) { Output.note("  \(Printable.text(line))") }
  }

  private var fileName: String { route.municipality.map { "udtræk_\($0).csv" } ?? "udtræk.csv" }

  private func settings(of system: String) -> FilePath { LocalPlatform.settingsFile(of: system, in: directory) }

  private static func word(_ path: FilePath) -> String { ShellWord.quoted(path.string) }

  /// The advice for a platform that runs while its plan is changed.
  static let afterAChange = LocalizedText(
    "the running platform takes up each change of its plan: keys and port stay, and its systems get the new routes",
    "platformen følger hver ændring af sin plan, mens den kører: nøgler og port bliver, og dens systemer får de nye ruter"
  )
}
