import Glibc
public import SystemPackage
internal import TriggerFiles
internal import FilsluseBase

/// The part of the settings that a register is read with.
public struct RegisterSurroundings: Sendable {
  /// The accounts.
  public var accounts: [Account]
  /// The names of all accounts, including accounts with problems.
  public var accountNames: [String]
  /// The names under `routes:`; the register must not repeat them.
  public var routeNames: [String]
  /// The InfRefs that the settings declare, taken as they are.
  public var declared: Set<String>
  /// The names of the accounts of a trial on the local platform, which the settings alone do not show.
  package var trialAccounts: Set<String> = []
  /// The settings' own file, if they have one.
  var source: FilePath?

  /// Describes the surroundings.
  public init(
    accounts: [Account] = [], accountNames: [String]? = nil, routeNames: [String] = [], declared: Set<String> = []
  ) {
    self.accounts = accounts
    self.accountNames = accountNames ?? accounts.map(\.name)
    self.routeNames = routeNames
    self.declared = declared
  }

  /// The surroundings that settings are.
  public init(_ settings: ExchangeSettings) {
    self.init(accounts: settings.accounts, routeNames: settings.ownRoutes.map(\.name), declared: settings.register)
    source = settings.source
  }
}

/// The result of reading a list and its record: a register, or every reason why there is none.
public struct RegisterReading: Sendable {
  /// The register; `nil` where something is wrong. Nothing is taken from a file that is half right.
  public let register: RouteRegister?
  /// All findings, in the order of the files; only warnings if there is a register.
  public let findings: [RegisterFinding]
  /// The number of routes that can be read, also where others cannot and there is no register.
  public let readableRoutes: Int
  /// The register of the routes that can be read; `nil` where the list cannot be read at all.
  package let readable: RouteRegister?

  /// More routes than this are no register.
  static let mostRoutes = 200_000
  /// The limit for a list in bytes; a list in YAML may have an eighth of it.
  static let largest = 64 << 20

  /// Reads a list, and the record beside it if there is one.
  public init(_ list: FilePath, settings: RegisterSurroundings) {
    let log = RegisterLog(file: list)
    let bytes = StableFile.read(list, log: log)
    self.init(bytes, list: list, log: log, settings: settings)
  }

  /// Reads the bytes of a list that is, or will be, in a file, and the record beside that file if there is one.
  public init(_ bytes: [UInt8], list: FilePath, settings: RegisterSurroundings) {
    self.init(bytes, list: list, log: RegisterLog(file: list), settings: settings)
  }

  private init(_ bytes: [UInt8]?, list: FilePath, log: RegisterLog, settings: RegisterSurroundings) {
    let recordLog = RegisterLog(file: RouteRegister.record(of: list))
    let lines = bytes.flatMap { Self.lines($0, list: list, log: log) }
    let routes = lines.flatMap { Self.routes(of: $0, list: list, log: log, settings: settings) }
    let record = Self.record(of: list, log: recordLog)
    let findings = log.sorted + recordLog.sorted
    self.findings = findings
    readableRoutes = routes?.count ?? 0
    readable = routes.map { routes in
      var register = RouteRegister(
        source: list, routes: routes, templates: lines?.templates.keys.sorted() ?? [],
        record: record ?? RegisterRecord(), warnings: findings)
      for account in settings.accounts { register.accountEnvironments[account.name] = account.environment }
      return register
    }
    register = record == nil || log.hasErrors || recordLog.hasErrors ? nil : readable
  }

  /// Reads the list as written; `nil` if it cannot be read.
  static func lines(_ bytes: [UInt8], list: FilePath, log: RegisterLog) -> RegisterLines? {
    let text = text(of: bytes, log: log)
    let isYAML = isYAML(list)
    if isYAML, text.count > largest / 8 {
      log.reportTooLarge(
        LocalizedText("YAML of more than \(largest >> 23) MiB", "YAML på mere end \(largest >> 23) MiB"))
      return nil
    }
    return isYAML
      ? RegisterLines(yaml: String(decoding: text, as: UTF8.self), log: log, file: list)
      : RegisterLines(csv: text, log: log)
  }

  /// The text as UTF-8; another encoding is reported as a warning.
  static func text(of bytes: [UInt8], log: RegisterLog) -> [UInt8] {
    var encodings = LineDecoding.Encodings()
    let text = LineDecoding.text(of: bytes, &encodings)
    if encodings.windowsLines > 0 || encodings.isUTF16 {
      let name = encodings.isUTF16 ? "UTF-16" : "windows-1252"
      let lines = encodings.isUTF16 ? "" : " (\(encodings.windowsLines))"
      log.report(
        .otherEncoding, at: nil,
        LocalizedText(
          "lines that are not UTF-8 were read as \(name)\(lines)",
          "linjer, som ikke er UTF-8, er læst som \(name)\(lines)"),
        LocalizedText("save the file as UTF-8", "gem filen som UTF-8"), severity: .warning)
    }
    return text
  }

  /// Returns true for a list in YAML.
  static func isYAML(_ list: FilePath) -> Bool { ["yaml", "yml"].contains(list.extension?.lowercased() ?? "") }

  private static func routes(
    of lines: RegisterLines, list: FilePath, log: RegisterLog, settings: RegisterSurroundings
  ) -> [RegisteredRoute]? {
    var expansion = RouteExpansion(lines, log: log)
    var builder = RouteBuilder(
      accounts: Dictionary(settings.accounts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      accountNames: settings.accountNames, declared: settings.declared, folder: list.removingLastComponent(), log: log)
    var routes: [RegisteredRoute] = []
    var lineOfName: [String: Int] = [:]
    let own = Set(settings.routeNames)
    for line in lines.lines {
      for filled in expansion.routes(of: line) {
        guard let route = builder.route(filled) else { continue }
        if let earlier = lineOfName.updateValue(route.position.line, forKey: route.name) {
          log.report(
            .doubledName, at: route.position,
            LocalizedText(
              "the route \(Entry.shown(route.name)) is in line \(earlier) of the list already",
              "ruten \(Entry.shown(route.name)) står allerede i linje \(earlier) i listen"),
            LocalizedText("give each route a name of its own", "giv hver rute sit eget navn"))
        } else if own.contains(route.name) {
          log.report(
            .doubledName, at: route.position,
            LocalizedText(
              "the route \(Entry.shown(route.name)) is also under routes: of the settings",
              "ruten \(Entry.shown(route.name)) står også under routes: i indstillingerne"),
            LocalizedText("keep it in one of the two files", "behold den i én af de to filer"))
        }
        routes.append(route)
      }
      guard routes.count <= mostRoutes else {
        log.reportTooLarge(LocalizedText("more than \(mostRoutes) routes", "mere end \(mostRoutes) ruter"))
        return nil
      }
    }
    return routes
  }

  /// The record beside a list; empty where there is none, and `nil` where it cannot be read.
  private static func record(of list: FilePath, log: RegisterLog) -> RegisterRecord? {
    let path = RouteRegister.record(of: list)
    var status = stat()
    if stat(path.string, &status) != 0, errno == ENOENT { return RegisterRecord() }
    guard let bytes = StableFile.read(path, log: log) else { return nil }
    return RegisterRecord(RecordText.entries(of: bytes, log: log))
  }
}

extension RegisterLog {
  fileprivate func reportWritableByAll() {
    report(
      .writableByAll, at: nil,
      LocalizedText(
        "every user of this machine can change the file", "alle brugere på maskinen kan ændre filen"),
      LocalizedText("chmod o-w it", "kør chmod o-w på den"), severity: .warning)
  }

  fileprivate func reportTooLarge(_ found: LocalizedText) {
    report(
      .tooLarge, at: nil,
      LocalizedText(
        "found \(found.en), expected a list of routes", "fandt \(found.da), forventede en liste over ruter"),
      LocalizedText(
        "name the right file; routes.csv holds more than routes.yaml",
        "angiv den rigtige fil; routes.csv kan rumme mere end routes.yaml"))
  }
}

/// Reads a whole file in one consistent state.
enum StableFile {
  /// The number of attempts: a file that changes while it is read is read again.
  private static let tries = 3

  /// Returns the content of a file that did not change during the reading; `nil` after an error, which is reported.
  ///
  /// - Parameter meanwhile: called between reading the bytes and comparing the file with its state before.
  static func read(_ path: FilePath, log: RegisterLog, meanwhile: () -> Void = {}) -> [UInt8]? {
    do {
      return try content(of: path, log: log, meanwhile: meanwhile)
    } catch {
      let isMissing = (error as? PlainFileError)?.isMissing ?? false
      log.report(
        .unreadable, at: nil,
        isMissing
          ? LocalizedText("there is no such file", "der er ingen sådan fil")
          : LocalizedText("the file cannot be read: \(error)", "filen kan ikke læses: \(error)"),
        isMissing
          ? LocalizedText(
            "correct routes-file:, or make the list with a first line such as name;template;municipality;authority",
            "ret routes-file:, eller lav listen med en første linje som name;template;municipality;authority")
          : LocalizedText("let the running user read it", "lad den bruger, der kører, læse den"))
      return nil
    }
  }

  /// Returns the content of a file that did not change during the reading; `nil` for one that is too large or changes
  /// all the time, which is reported.
  ///
  /// - Throws: `PlainFileError` where the file cannot be opened, `Errno` where it cannot be read.
  static func content(of path: FilePath, log: RegisterLog, meanwhile: () -> Void = {}) throws -> [UInt8]? {
    for _ in 0..<tries {
      let file = try PlainFile.open(path)
      let (before, bytes, after) = try file.closeAfter {
        let before = try Self.state(of: file)
        let bytes = try PlainFile.content(of: file, upTo: RegisterReading.largest + 1)
        meanwhile()
        return (before, bytes, try Self.state(of: file))
      }
      guard bytes.count <= RegisterReading.largest else {
        log.reportTooLarge(
          LocalizedText(
            "more than \(RegisterReading.largest >> 20) MiB", "mere end \(RegisterReading.largest >> 20) MiB"))
        return nil
      }
      guard before == after else { continue }
      if before.mode & 0o002 != 0 { log.reportWritableByAll() }
      return bytes
    }
    log.report(
      .changedWhileRead, at: nil,
      LocalizedText("the file changed while it was read", "filen ændrede sig, mens den blev læst"),
      LocalizedText(
        "try again when it is written; programs that write it should write a new file and rename it",
        "prøv igen, når den er skrevet; programmer bør skrive en ny fil og omdøbe den"))
    return nil
  }

  /// The parts of an open file's status that reveal a change.
  private struct State: Equatable {
    let mode: mode_t
    let size: Int
    let times: [Int]
  }

  private static func state(of file: FileDescriptor) throws -> State {
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
    let times = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
    return State(mode: status.st_mode, size: Int(status.st_size), times: times)
  }
}
