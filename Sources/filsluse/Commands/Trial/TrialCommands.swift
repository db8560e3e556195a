import LocalPlatform
import SystemPackage
import TriggerFiles

/// The settings for trying a plan's systems.
struct TrialSettings {
  /// The plan.
  let plan: PlatformPlan
  /// The folder of the platform.
  let directory: FilePath
  private let own: FilePath?

  /// Prepares the settings of a plan's systems.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - directory: the folder of the platform.
  ///   - own: the settings that the plan is made of, if any.
  init(_ plan: PlatformPlan, directory: FilePath, own: FilePath?) {
    (self.plan, self.directory, self.own) = (plan, directory, own)
  }

  /// Returns the settings of a system. If the plan is made of a trial's settings and has the system's key, they are
  /// those settings: another file would have a second journal, and send files again.
  func file(of system: String) -> FilePath {
    if let own, plan.system(named: system)?.keyFile != nil { return own }
    return fileOfPlatform(of: system)
  }

  /// The settings that the platform writes for a system.
  func fileOfPlatform(of system: String) -> FilePath { LocalPlatform.settingsFile(of: system, in: directory) }
}

/// The command lines for trying a plan on the local platform, ready to paste into a shell.
struct TrialCommands {
  private let route: PlatformRoute
  private let settings: TrialSettings

  /// Prepares the lines for the first route of a plan; `nil` where it has none.
  init?(_ settings: TrialSettings) {
    guard let route = settings.plan.routes.first else { return nil }
    (self.route, self.settings) = (route, settings)
  }

  /// Starts the platform beside the shell.
  func platform(plan: FilePath) -> String {
    "filsluse platform --plan \(Self.word(plan)) --directory \(Self.word(settings.directory)) &"
  }

  /// Waits until the platform has started or has ended, and makes a data file.
  var preparation: String {
    let file = Self.word(settings.fileOfPlatform(of: route.recipient))
    return "until [ -e \(file) ] || ! kill -0 $! 2>/dev/null; do sleep 1; done; \(dataFile)"
  }

  /// The command line that creates a data file.
  var dataFile: String { "printf 'a;b\\n' > \(fileName)" }

  /// Sends the data file. The settings are always named: `FILSLUSE_CONFIG` may name those of a real server, and counts
  /// before those of the working folder.
  var send: String {
    let file = Self.word(settings.file(of: route.sender))
    return "filsluse send \(fileName) --route \(ShellWord.quoted(route.name)) --config \(file)"
  }

  /// Collects it for its recipient.
  var receive: String { "filsluse receive --config \(Self.word(settings.file(of: route.recipient)))" }

  /// Returns the lines from the start of the platform to the collected file.
  ///
  /// - Parameter plan: the plan's file, or the settings that define the plan.
  func lines(plan: FilePath) -> [String] { [platform(plan: plan), preparation, send, receive] }

  /// Shows the lines from the start of the platform to the collected file.
  func show(plan: FilePath) {
    for line in lines(plan: plan) { Output.note("  \(Printable.text(line))") }
  }

  private var fileName: String { route.municipality.map { "udtræk_\($0).csv" } ?? "udtræk.csv" }

  private static func word(_ path: FilePath) -> String { ShellWord.quoted(path.string) }

  /// The advice for a platform that runs while its plan is changed.
  static let afterAChange = LocalizedText(
    "the running platform takes up each change of its plan: keys, port and connections stay, and its systems get the new routes",
    "platformen følger hver ændring af sin plan, mens den kører: nøgler, port og forbindelser bliver, og dens systemer får de nye ruter"
  )
}
