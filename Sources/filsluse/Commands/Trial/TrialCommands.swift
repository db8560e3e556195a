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
    if let own, isOwn(system) { return own }
    return fileOfPlatform(of: system)
  }

  /// True if the plan is made of a trial's settings, which connect to the platform themselves.
  func isOwn(_ system: String) -> Bool { own != nil && plan.system(named: system)?.keyFile != nil }

  /// The path of a data file: beside the trial's settings if it is there, else in the working folder.
  func dataFile(named name: String) -> FilePath {
    let beside = own.map { $0.removingLastComponent().appending(name) }
    return beside.flatMap { InputFile.exists($0) ? $0 : nil } ?? FilePath(name)
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

  /// The line that starts the platform beside the shell.
  ///
  /// - Parameter plan: the plan's file; `nil` for the demo's plan.
  static func platform(plan: FilePath?, directory: FilePath) -> String {
    let option = plan.map { "--plan \(word($0)) " } ?? ""
    return "filsluse platform \(option)--directory \(word(directory)) &"
  }

  /// The lines before the data file is sent: none for a trial's own settings beside their data file, as `send` waits
  /// for the platform. The settings that the platform writes are waited for.
  private var preparation: [String] {
    if settings.isOwn(route.sender) { return dataFile }
    let file = Self.word(settings.fileOfPlatform(of: route.recipient))
    let wait = "until [ -e \(file) ] || ! kill -0 $! 2>/dev/null; do sleep 1; done"
    return [dataFile.isEmpty ? wait : "\(wait); \(dataFile[0])"]
  }

  /// The line that makes the data file; empty if it is there.
  private var dataFile: [String] { InputFile.exists(file) ? [] : ["printf 'a;b\\n' > \(Self.word(file))"] }

  /// The line that sends the data file. The settings are always named: `FILSLUSE_CONFIG` may name those of a real
  /// server, and counts before those of the working folder.
  private var send: String {
    let own = Self.word(settings.file(of: route.sender))
    return "filsluse send \(Self.word(file)) --route \(ShellWord.quoted(route.name)) --config \(own)"
  }

  /// The line that collects it for its recipient.
  private var receive: String { "filsluse receive --config \(Self.word(settings.file(of: route.recipient)))" }

  /// Returns the lines from the start of the platform to the collected file.
  ///
  /// - Parameter plan: the plan's file, or the settings that define the plan.
  func lines(plan: FilePath) -> [String] {
    [Self.platform(plan: plan, directory: settings.directory)] + preparation + [send, receive]
  }

  /// The lines of another shell, once the platform runs.
  var linesBesideThePlatform: [String] { dataFile + [send, receive] }

  /// Shows the lines from the start of the platform to the collected file.
  func show(plan: FilePath) {
    for line in lines(plan: plan) { Output.note("  \(Printable.text(line))") }
  }

  /// The name of the data file, which names the route's municipality.
  var fileName: String { route.municipality.map { "udtræk_\($0).csv" } ?? "udtræk.csv" }

  private var file: FilePath { settings.dataFile(named: fileName) }

  private static func word(_ path: FilePath) -> String { ShellWord.quoted(path.string) }

  /// The advice for a platform that runs while its plan is changed.
  static let afterAChange = LocalizedText(
    "the running platform takes up each change of its plan: keys, port and connections stay, and its systems get the new routes",
    "platformen følger hver ændring af sin plan, mens den kører: nøgler, port og forbindelser bliver, og dens systemer får de nye ruter"
  )
}
