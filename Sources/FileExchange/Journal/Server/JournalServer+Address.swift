public import ExchangeSettings
internal import FilsluseBase
internal import FilsluseStore
import Glibc
internal import SystemPackage

extension JournalServer {
  /// Returns the address with the password of the file, as the driver takes it. Blocks.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` where the address cannot be read, `file-missing` or `local-file`
  ///   where the password's file cannot.
  func resolved() throws(ExchangeError) -> PostgreSQLAddress {
    var password: Redacted<String>?
    if let passwordFile { password = try Self.password(in: passwordFile) }
    do throws(StoreError) {
      return try PostgreSQLAddress(address, password: password)
    } catch {
      throw ExchangeError(.journal, operation: "open the journal", message: error.message, remedy: error.remedy)
        .inDanish(detail: "„\(error)“")
    }
  }

  /// The first line of a file that only its owner can read.
  private static func password(in file: FilePath) throws(ExchangeError) -> Redacted<String> {
    let content = try LocalFile(reading: file)
    var status = stat()
    guard fstat(content.fileDescriptor, &status) == 0 else { throw LocalFile.failure("look at", file, errno) }
    guard status.st_mode & 0o077 == 0 else {
      throw ExchangeError(
        .localFile, operation: "read the password of the journal's server", path: file.string,
        message: "others may read it", remedy: "chmod 600 \(file.string)"
      ).inDanish("Andre kan læse filen \(file) med adgangskoden til journalens server. Kør chmod 600 \(file).")
    }
    let bytes = try content.read(upTo: 4096, at: 0).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !bytes.isEmpty else {
      throw ExchangeError(
        .localFile, operation: "read the password of the journal's server", path: file.string,
        message: "its first line is empty", remedy: "write the password into its first line"
      ).inDanish("Filen \(file) med adgangskoden til journalens server har intet på sin første linje.")
    }
    return Redacted(String(decoding: bytes, as: UTF8.self))
  }
}

extension ExchangeSettings {
  /// The journal's place for messages. An address in settings holds no password.
  var journalName: String {
    guard let server = journalServer else { return journal.string }
    return "\(server.address) with \(journal) for \(server.machines == .one ? "one machine" : "several machines")"
  }
}

extension Journal {
  /// Opens the journal that settings name, a file or a database on a server; it is made new where there never was one.
  ///
  /// - Throws: as ``open(_:)``; ``ExchangeError`` with code `claimed-elsewhere` while another machine has a journal on
  ///   a server that does not allow it at the same time.
  public static func open(of settings: ExchangeSettings) async throws(ExchangeError) -> Journal {
    guard let server = settings.journalServer else { return try await open(settings.journal) }
    return try await open(try await resolve(server), beside: settings.journal, for: server.machines)
  }

  /// Opens the journal that settings name for reading, as ``openToRead(_:)`` does. A journal on a server can be read
  /// whichever machine has it.
  ///
  /// - Throws: as ``openToRead(_:)``.
  public static func openToRead(of settings: ExchangeSettings) async throws(ExchangeError) -> Journal {
    guard let server = settings.journalServer else { return try await openToRead(settings.journal) }
    return try await openToRead(try await resolve(server), beside: settings.journal)
  }

  /// Opens the settings' journal on a server for a person who reconciles it.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` if the journal is a file, `claimed-elsewhere` while a process has
  ///   it open, and as ``open(_:)``.
  static func openToReconcile(of settings: ExchangeSettings) async throws(ExchangeError) -> Journal {
    let server = try requireServer(of: settings)
    return try await openToReconcile(try await resolve(server), beside: settings.journal, for: server.machines)
  }

  /// The server of the journal that settings name.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` where a file keeps it.
  static func requireServer(of settings: ExchangeSettings) throws(ExchangeError) -> JournalServer {
    if let server = settings.journalServer { return server }
    throw ExchangeError(
      .journal, operation: "reconcile the journal", path: settings.journal.string,
      message: "a file keeps it, and only a journal on a server is reconciled",
      remedy: "put a copy in its place\(by: .restoreJournal(from: nil))"
    ).inDanish(
      ("Journalen er en fil, og kun en journal på en server afstemmes. Læg en kopi i dens sted\(by: .restoreJournal(from: nil))."
        as Remedy).inDanish)
  }

  static func resolve(_ server: JournalServer) async throws(ExchangeError) -> PostgreSQLAddress {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try server.resolved() }
  }
}
