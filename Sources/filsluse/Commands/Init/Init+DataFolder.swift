import ExchangeSettings
import FileExchange
import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

// The folder for journal and inbox.
extension Init {
  /// The folder for journal and inbox; `nil` for that of the settings.
  var dataFolder: FilePath? {
    if let dataDirectory { return FilePath(dataDirectory).absolute }
    return service.flatMap { $0.onlyReads ? $0.home : nil }
  }

  /// Creates the folder; if root sets it up for a service, it belongs to the service only.
  func makeDataFolder() throws(CommandFailure) {
    guard let folder = dataFolder, !InputFile.exists(folder) else { return }
    // The service has to get through the folders above it.
    let parent = folder.removingLastComponent()
    try makeFolder(parent, mode: 0o755)
    // It gets its name only when it belongs to the service: an interrupted command leaves no folder that only root can
    // use.
    let draft = try TemporaryFolder.make(named: ".filsluse", in: parent)
    try owned(draft) { (service: ServiceUser) throws(Errno) in try service.give(draft, mode: 0o700) }
    try rename(draft, to: folder)
  }

  /// Refuses a folder that cannot hold the journal, before anything is asked or made.
  func checkDataFolder() throws(CommandFailure) {
    guard let folder = dataFolder else { return }
    let isHome = dataDirectory == nil
    guard let fault = DataFolderFault.of(folder, service: service?.user, isHome: isHome) else { return }
    let user = service?.name ?? DataFolderFault.name(of: geteuid())
    let name = LocalizedText(
      "name a folder for journal and inbox with --data-directory, such as /var/lib/\(user)",
      "angiv en mappe til journal og indbakke med --data-directory, fx /var/lib/\(user)")
    // The home of a system user, such as /usr/sbin, must not be given to a user.
    let word = ShellWord.quoted(folder.string)
    let command = "chown \(user): \(word) && chmod 700 \(word)"
    let mend = LocalizedText("\(command), or ", "\(command), eller ") + name
    let remedy = fault.isMended && !isHome ? mend : name
    let reason = fault.reason(folder, user: user, isForService: service != nil)
    throw failure(
      fault == .noHome ? .usage : .localIO, reason.en, reason.da, remedy: remedy)
  }
}

/// The reason why a folder cannot hold the journal and the inbox of a user.
enum DataFolderFault: Equatable {
  /// The home of the service's user is the root of the file system, or is not there, nor the folder to make it in.
  case noHome
  /// Something else than a folder has the name.
  case noFolder
  /// It belongs to another user.
  case ofOther(uid_t)
  /// Others than its owner can write to it, and could replace the journal.
  case writableByOthers
  /// It cannot be read, or not be written to.
  case barred(Errno)

  /// Checks a folder; `nil` if it can be used, or does not exist and can be created.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - service: the service's user if root sets it up; `nil` for the running user.
  ///   - isHome: true for the home of the service's user, which no option named.
  static func of(_ folder: FilePath, service: uid_t?, isHome: Bool) -> DataFolderFault? {
    if isHome, folder.isEmpty || !folder.isAbsolute || folder == "/" { return .noHome }
    var status = stat()
    guard stat(folder.string, &status) == 0 else {
      let reason = Errno(rawValue: errno)
      guard reason == .noSuchFileOrDirectory else { return reason == .notDirectory ? .noFolder : .barred(reason) }
      // A link that leads nowhere is something, too.
      if lstat(folder.string, &status) == 0 { return .noFolder }
      let parent = folder.removingLastComponent()
      return isHome && (parent == "/" || !InputFile.exists(parent)) ? .noHome : nil
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return .noFolder }
    if let service {
      guard status.st_uid == service else { return .ofOther(status.st_uid) }
      return status.st_mode & 0o022 == 0 ? nil : .writableByOthers
    }
    guard status.st_uid == geteuid() || status.st_uid == 0 else { return .ofOther(status.st_uid) }
    if status.st_mode & 0o002 != 0 { return .writableByOthers }
    return access(folder.string, W_OK | X_OK) == 0 ? nil : .barred(Errno(rawValue: errno))
  }

  /// True if another owner and other permissions mend it.
  var isMended: Bool {
    switch self {
    case .ofOther, .writableByOthers: true
    case .noHome, .noFolder, .barred: false
    }
  }

  /// The reason in words.
  func reason(_ folder: FilePath, user: String, isForService: Bool) -> LocalizedText {
    switch self {
    case .noHome:
      LocalizedText(
        "the service's user \(user) has no home of its own (\(folder))",
        "tjenestens bruger \(user) har ikke sin egen hjemmemappe (\(folder))")
    case .noFolder: LocalizedText("\(folder) is no folder", "\(folder) er ikke en mappe")
    case .ofOther(let owner):
      LocalizedText(
        "\(folder) belongs to \(Self.name(of: owner)) and not to \(isForService ? "the service's user \(user)" : "the running user")",
        "\(folder) tilhører \(Self.name(of: owner)) og ikke \(isForService ? "tjenestens bruger \(user)" : "den bruger, der kører")"
      )
    case .writableByOthers:
      LocalizedText(
        "others than its owner can write to \(folder)", "andre end ejeren kan skrive i \(folder)")
    case .barred(let reason):
      LocalizedText("\(folder) cannot be used: ", "\(folder) kan ikke bruges: ") + reason.words
    }
  }

  /// The name of a user; its number where it has none.
  static func name(of user: uid_t) -> String {
    getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "\(user)"
  }
}
