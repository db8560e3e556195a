import Glibc
internal import FilsluseBase
public import SystemPackage
internal import TriggerFiles

extension RouteRegister {
  /// Changes a list by the lines of a table, if the result is a sound register and the settings can be loaded with it.
  ///
  /// The list is replaced by a temporary file that is synced and renamed, under a lock of the folder, so that a reader
  /// sees the old list or the new one. Owner, group and permissions of the list stay. If its path is a symbolic link,
  /// the link stays and its target is changed.
  ///
  /// - Parameters:
  ///   - table: CSV with the columns of the list by header.
  ///   - file: the table's file, for findings.
  ///   - list: the list. It is made where there is none.
  ///   - settings: the settings that the register is read with.
  ///   - isReplacing: false to refuse a change of lines that the list has already, and only add new ones.
  ///   - isTrial: true to change nothing and only say what would change.
  /// - Returns: the change, and the register that the list is with it.
  /// - Throws: ``RegisterError`` with everything that is wrong with the table or the result; the list stays as it was.
  ///   So does every error of ``RegisterCheck`` about a single route's values that the list did not have before, such
  ///   as a second route from and to the same. Errors that the list had already are among the warnings. A finding about
  ///   a value that the table brings has the table's file, line and column.
  public static func change(
    _ list: FilePath, by table: [UInt8], from file: FilePath, settings: RegisterSurroundings,
    replacing isReplacing: Bool = true, isTrial: Bool
  ) throws(RegisterError) -> (edit: ListEdit, register: RouteRegister) {
    let target = try Self.target(of: list)
    let folder = target.removingLastComponent().isEmpty ? "." : target.removingLastComponent()
    let lock: FileDescriptor
    do {
      lock = try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
    } catch {
      throw unwritable(list, "\(error)")
    }
    defer { try? lock.close() }
    guard flock(lock.rawValue, LOCK_EX) == 0 else { throw unwritable(list, "\(Errno(rawValue: errno))") }
    let log = RegisterLog(file: list)
    let isThere = access(list.string, F_OK) == 0
    guard let old = isThere ? StableFile.read(list, log: log) : [] else { throw RegisterError(log.sorted) }
    let new = try ImportedTable(table, file: file, list: list)
    var edit: ListEdit
    do throws(RegisterError) {
      edit = try ListEdit(of: new, into: old, list: list)
    } catch {
      throw RegisterError(new.errors + error.findings)
    }
    if !isReplacing, new.errors.isEmpty, !edit.changes.isEmpty {
      throw RegisterError(edit.refusalsToReplace(in: list))
    }
    let reading = ListReading(of: edit, in: list, settings: settings)
    var refusals = edit.placed(reading.refusals, in: list)
    if let itsSettings = reading.settings, let readable = reading.register.readable, !edit.isEmpty {
      let before = SettingsReading(itsSettings.source).register?.readable ?? RouteRegister(source: list, routes: [])
      var check = RegisterCheck(readable, settings: itsSettings, today: WallClock.denmark.reading(at: .now).day)
      check.trialAccounts = settings.trialAccounts
      let findings = check.valueFindings(since: before)
      refusals += edit.refused(findings.new.filter { $0.severity == .error }, in: list)
      edit.warnings += edit.placed(findings.all, in: list)
    }
    if !new.errors.isEmpty {
      let earlier = Set(RegisterReading(old, list: list, settings: settings).findings)
      refusals = new.errors + new.judged(refusals, earlier: earlier)
    }
    guard refusals.isEmpty, let register = reading.register.register else {
      throw RegisterError(inOrder(refusals, of: file))
    }
    if isTrial || edit.isEmpty { return (edit, register) }
    do throws(NewFileError) {
      try NewFile.write(to: target, replacing: true, keepingOwner: true) { file, _ in
        try file.writeAll(edit.bytes)
      }
    } catch {
      if case .ownerNotKept(let user, let group, _) = error { throw ownerNotKept(list, user: user, group: group) }
      throw unwritable(list, error.description)
    }
    return (edit, register)
  }

  /// Findings about a table in the order of its lines, then those about the list.
  private static func inOrder(_ findings: [RegisterFinding], of table: FilePath) -> [RegisterFinding] {
    let (start, end) = (SourcePosition(line: 0, column: 0), SourcePosition(line: .max, column: 0))
    // The count of the findings that are not listed is the last one.
    func place(_ finding: RegisterFinding) -> SourcePosition {
      finding.position ?? (finding.code == .tooLarge ? end : start)
    }
    let ofTable = findings.filter { $0.file == table }.enumerated().sorted { one, other in
      let places = [place(one.element), place(other.element)]
      return places[0] == places[1] ? one.offset < other.offset : places[0] < places[1]
    }
    return ofTable.map(\.element) + findings.filter { $0.file != table }
  }

  /// The file that a list's path leads to by all links; the path itself where there is no file yet.
  private static func target(of list: FilePath) throws(RegisterError) -> FilePath {
    if let real = realpath(list.string, nil) {
      defer { free(real) }
      return FilePath(String(cString: real))
    }
    let code = errno
    var status = stat()
    let isLink = lstat(list.string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    if isLink { throw unwritable(list, "\(Errno(rawValue: code))") }
    return list
  }

  /// The bytes of a table's file for a change, as they were at one moment.
  ///
  /// - Throws: `PlainFileError` where it cannot be opened, `Errno` where it cannot be read, and ``RegisterError`` where
  ///   it is larger than any list or is written to all the time.
  package static func table(in file: FilePath) throws -> [UInt8] {
    let log = RegisterLog(file: file)
    guard let bytes = try StableFile.content(of: file, log: log) else { throw RegisterError(log.sorted) }
    return bytes
  }

  private static func ownerNotKept(_ list: FilePath, user: UInt32, group: UInt32) -> RegisterError {
    RegisterError([
      RegisterFinding(
        code: .unwritable, file: list,
        message: LocalizedText(
          "the list belongs to user \(user) and group \(group), which this user cannot give the new one; it is unchanged",
          "listen tilhører bruger \(user) og gruppe \(group), som denne bruger ikke kan give den nye; den er uændret"),
        remedy: LocalizedText(
          "run the command as that user or as root", "kør kommandoen som den bruger eller som root"))
    ])
  }

  private static func unwritable(_ list: FilePath, _ cause: String) -> RegisterError {
    RegisterError([
      RegisterFinding(
        code: .unwritable, file: list,
        message: LocalizedText("the list cannot be written: \(cause)", "listen kan ikke skrives: \(cause)"),
        remedy: LocalizedText(
          "check the folder, its rights and the room on the disk",
          "kontrollér mappen, dens rettigheder og pladsen på disken"))
    ])
  }

  /// The routes as CSV, templates filled in: a line for each, and only the columns that have values.
  public func csv() -> String {
    let rows = routes.map(\.values)
    let columns = RegisterColumn.allCases.filter { column in column == .name || rows.contains { $0[column] != nil } }
    let lines = rows.map { row in
      columns.map { column in
        let cell = row[column] ?? ""
        let needsQuotes = cell.hasPrefix("#") || cell.unicodeScalars.contains { $0 == ";" || $0 == "\"" || $0 == "\n" }
        return needsQuotes ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
      }.joined(separator: ";")
    }
    return ([columns.map(\.rawValue).joined(separator: ";")] + lines).map { $0 + "\n" }.joined()
  }

  /// The values by the names of their columns; a column without a value is left out.
  package var rows: [[String: String]] {
    routes.map { route in
      var row: [String: String] = [:]
      for column in RegisterColumn.allCases { row[column.rawValue] = route.values[column] }
      return row
    }
  }
}

/// The reading of a list with a change, as the settings that name it read it.
private struct ListReading {
  let register: RegisterReading
  /// Everything that keeps the list from being used.
  let refusals: [RegisterFinding]
  /// The settings that name the list; `nil` where no settings' file does, or where they cannot be used with it.
  let settings: ExchangeSettings?

  init(of edit: ListEdit, in list: FilePath, settings: RegisterSurroundings) {
    if let source = settings.source {
      let reading = SettingsReading(source, replacing: list, with: edit.bytes)
      if let register = reading.register, reading.list == list {
        (self.register, refusals, self.settings) = (register, reading.refusals, reading.settings)
        return
      }
    }
    register = RegisterReading(edit.bytes, list: list, settings: settings)
    refusals = register.findings.filter { $0.severity == .error }
    self.settings = nil
  }
}
