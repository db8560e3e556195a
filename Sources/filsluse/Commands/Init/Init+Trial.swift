import ExchangeSettings
import FilsluseBase
import LocalPlatform
import SystemPackage
import TriggerFiles

// A trial on the local platform, without any server.
extension Init {
  private var trialFolder: FilePath { TrialValues.folder(beside: settingsFile) }

  /// Writes the list, and settings with the local platform as the only server.
  func setUpTrial(_ given: InitAnswers) async throws {
    var answers = given
    if answers.port == nil { answers.port = try await Loopback.freePort() }
    var setUp = answers.setUp(fingerprints: [])
    try checkTrialUser(setUp.user)
    setUp.host = Loopback.host
    setUp.isTrial = true
    setUp.knownHosts = LocalPlatform.knownHosts(in: FilePath(TrialValues.directory))
    setUp.dataFolder = dataFolder
    setUp.publicKey = try await publicKey(setUp)
    try makeDataFolder()
    try write([(name: Self.listName, text: setUp.list(in: answers.fileLanguage))], &answers)
    let text = setUp.settings(in: answers.fileLanguage)
    _ = try ExchangeSettings.parse(text, source: settingsFile)
    try write([(name: Self.settingsName, text: text)], &answers)
    InitAnswers.forget(in: folder)
  }

  /// Refuses a user name that is invalid on the local platform, which has the form of the machine's user names.
  private func checkTrialUser(_ user: String) throws(CommandFailure) {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    let fits = user.allSatisfy { letters.contains($0) || "0123456789-_".contains($0) }
    guard fits, user.count <= 28, user != "sshd", let first = user.first, letters.contains(first) else {
      throw failure(
        .usage, "in a trial the user is 1 to 28 of a–z, 0–9, - and _, beginning with a letter",
        "i en prøve er brugeren 1 til 28 af a–z, 0–9, - og _ og begynder med et bogstav")
    }
  }

  /// True if the settings are those of a trial in this folder.
  func isTrial(_ settings: ExchangeSettings) -> Bool { settings.isTrial }

  /// Shows the next steps of the trial as lines to paste; with `--json` they are in the result.
  func endTrial(_ settings: ExchangeSettings) throws {
    let plan = PlatformPlan(of: settings, register: nil, directory: trialFolder)
    let commands = TrialCommands(TrialSettings(plan, directory: trialFolder, own: settingsFile))
    if let commands { try writeDataFile(named: commands.fileName) }
    if output.json {
      let next = commands?.lines(plan: settingsFile) ?? []
      return try Output.print(json: InitResult(self, trial: next))
    }
    say(
      "a trial: no server is contacted, and UUIDs and InfRef that were not given are invented. It goes on line by line:",
      "en prøve: ingen server kontaktes, og UUID'er og InfRef, der ikke er angivet, er opfundet. Den går videre linje for linje:"
    )
    commands?.show(plan: settingsFile)
    sayOneMore(settings)
    say(
      "the real set-up gets a folder of its own: filsluse init --directory NAME",
      "den rigtige opsætning får sin egen mappe: filsluse init --directory NAVN")
  }

  /// Writes the file that the trial sends, unless there is one of its name.
  private func writeDataFile(named name: String) throws(CommandFailure) {
    let file = folder.appending(name)
    guard !InputFile.exists(file) else { return }
    try write("a;b\n", to: file, replacing: false)
    if !output.json { Output.print(file.string) }
  }

  /// Shows how to add a municipality that the list does not have yet.
  private func sayOneMore(_ settings: ExchangeSettings) {
    let known = Set(settings.routes.compactMap(\.municipality))
    guard let example = TrialValues.examples.first(where: { !known.contains($0.code) }) else { return }
    let values = "template=\(template(of: settings)) municipality=\(example.code) authority=\(example.authority)"
    let (add, check) = ("filsluse routes new \(values)\(settingsOption)", "filsluse routes check\(settingsOption)")
    say(
      "one municipality more: \(add), verified by \(check); the running platform takes it up by itself",
      "én kommune mere: \(add), kontrolleret med \(check); platformen tager den selv med, mens den kører")
  }

  /// The name of the list's template: that of a route without its municipality.
  private func template(of settings: ExchangeSettings) -> String {
    guard let route = settings.routes.first, let code = route.municipality, route.name.hasSuffix("-\(code)") else {
      return "flis"
    }
    return String(route.name.dropLast(code.count + 1))
  }
}
