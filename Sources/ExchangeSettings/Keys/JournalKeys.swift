internal import SystemPackage
package import TriggerFiles

// The place of the journal: a file, or a database on a server.

/// The place of the journal as the settings hold it.
struct JournalPlace: Sendable, Hashable {
  /// The journal's file, or the beginning of the names of the files that this machine keeps for it.
  var file: FilePath
  var server: JournalServer?
}

extension ExchangeSettings {
  /// The journal's place, which one key fills.
  var journalPlace: JournalPlace {
    get { JournalPlace(file: journal, server: journalServer) }
    set { (journal, journalServer) = (newValue.file, newValue.server) }
  }
}

/// A journal on a server as the file writes it.
private struct JournalServerForm {
  var address = ""
  var passwordFile: FilePath?
  var files: FilePath?
  var machines = JournalServer.Machines.one
  var outgoingFolders = JournalServer.OutgoingFolders.local

  static let table = KeyTable("A journal on a server", blank: JournalServerForm()) { table in
    table.required(
      "postgresql", \.address, .postgreSQLAddress(orFile: false),
      missing: LocalizedText("the address of the database", "adressen på databasen"),
      "The address of the PostgreSQL database, without a password. What it leaves out comes from libpq's own variables and service files."
    )
    table.optional(
      "password-file", \.passwordFile, .path, otherwise: "libpq finds the password by itself",
      "A file whose first line is the password; its owner alone may read it.")
    table.optional(
      "local-files", \.files, .path, otherwise: "journal, beside this file",
      "The beginning of the names of the files that this machine keeps for the journal: its claims and its high-water mark."
    )
    table.key(
      "machines", \.machines, .word(LocalizedText("one or several", "one eller several")),
      "How many machines may send and receive with the journal at the same time; all settings with it say the same. one: another one is refused, and takes everything over when the first is gone; several: each has its own files and work, and takes over of one that is gone what needs no file of that one."
    )
    table.key(
      "outgoing-folders", \.outgoingFolders, .word(LocalizedText("local or shared", "local eller shared")),
      "The reach of the outgoing folders with machines: several. local: each machine has its own, and a folder that is on a network file system, or that another machine watches, is refused; shared: all machines reach the same ones, and one at a time takes files from each."
    )
  }
}

extension ValueType<JournalPlace> {
  /// A path, an address, or a mapping with an address and more.
  static var journal: Self {
    let expected = LocalizedText(
      "a path, or the address of a PostgreSQL database", "en sti eller adressen på en PostgreSQL-database")
    return Self(
      expected: expected,
      read: { entry, reader in
        if entry.isMapping {
          guard var fields = SectionFields(entry, JournalServerForm.table, reader) else { return nil }
          fields.readRest()
          return fields.isSound ? fields.form.place(in: reader.folder) : nil
        }
        guard let text = entry.text(expected) else { return nil }
        guard LocalPath.mayBeAddress(text) else {
          return ValueType<FilePath>.path.read(entry, reader).map { JournalPlace(file: $0) }
        }
        guard let other = LocalPath.scheme(of: text), !JournalServer.isPostgreSQL(scheme: other) else {
          let address = ValueType<String>.postgreSQLAddress(orFile: true).read(entry, reader)
          return address.map { JournalServerForm(address: $0).place(in: reader.folder) }
        }
        // Not quoted: there may be a password in it.
        entry.report(
          .badValue,
          .found(LocalizedText("an address (\(other)://…)", "en adresse (\(other)://…)"), expected: expected),
          remedy: JournalServer.addressOrFile)
        return nil
      },
      write: { place, writer in
        guard let server = place.server else { return ValueType<FilePath>.path.write(place.file, writer) }
        var form = JournalServerForm(
          address: server.address, passwordFile: server.passwordFile, machines: server.machines,
          outgoingFolders: server.outgoingFolders)
        if place != form.place(in: writer.folder) { form.files = place.file }
        if place == JournalServerForm(address: server.address).place(in: writer.folder) { return .text(server.address) }
        return writer.mapping(form, JournalServerForm.table)
      }, nested: NestedKeys(shape: .one, table: JournalServerForm.table))
  }
}

extension JournalServerForm {
  fileprivate func place(in folder: FilePath) -> JournalPlace {
    JournalPlace(
      file: files ?? folder.appending("journal"),
      server: JournalServer(
        address: address, passwordFile: passwordFile, machines: machines, outgoingFolders: outgoingFolders))
  }
}

extension ValueType<String> {
  /// The address of a PostgreSQL database. It is never shown, because it may contain a password.
  ///
  /// - Parameter orFile: true if the path of a file may stand in its place.
  fileprivate static func postgreSQLAddress(orFile: Bool) -> Self {
    Self(expected: JournalServer.addressForm) { entry, _ in
      guard let text = entry.text(JournalServer.addressForm) else { return nil }
      guard let trouble = JournalServer.trouble(withAddress: text, orFile: orFile) else { return text }
      entry.report(.badValue, trouble.found, remedy: trouble.remedy)
      return nil
    } write: { address, _ in
      .text(address)
    }
  }
}

extension JournalServer {
  fileprivate static let addressForm = LocalizedText("postgresql://USER@HOST/DATABASE?sslmode=verify-full")

  private static let onlyAddress = LocalizedText("write ", "skriv ") + addressForm
  fileprivate static let addressOrFile =
    onlyAddress
    + LocalizedText(
      ", or the path of a file, with ./ before a name that is meant so",
      " eller stien til en fil, med ./ foran et navn, der er ment sådan")

  /// True for a text that may be meant as the address of a database, also where that is not written as it should be.
  package static func isAddress(_ text: String) -> Bool { LocalPath.mayBeAddress(text) }

  fileprivate static func isPostgreSQL(scheme: String) -> Bool {
    ["postgresql", "postgres"].contains(scheme.lowercased())
  }

  /// Returns the fault of an address, without quoting the address, and its remedy; `nil` for one that may be tried.
  ///
  /// - Parameter orFile: true if the path of a file may stand in its place.
  package static func trouble(
    withAddress text: String, orFile: Bool = true
  ) -> (found: LocalizedText, remedy: LocalizedText)? {
    let trimmed = String(text.drop(while: \.isWhitespace))
    guard let scheme = LocalPath.scheme(of: trimmed), isPostgreSQL(scheme: scheme) else {
      let found = LocalizedText("no address of a PostgreSQL database", "ingen adresse på en PostgreSQL-database")
      return (LocalizedText.found(found, expected: addressForm), orFile ? addressOrFile : onlyAddress)
    }
    if scheme != scheme.lowercased() {
      return (
        LocalizedText(
          "found capital letters before ://, and so no address of a PostgreSQL database",
          "fandt store bogstaver før ://, og dermed ingen adresse på en PostgreSQL-database"),
        LocalizedText("write postgresql:// in small letters", "skriv postgresql:// med små bogstaver")
      )
    }
    if holdsPassword(text) {
      return (
        LocalizedText(
          "found an address with a password in it, expected one without",
          "fandt en adresse med en adgangskode i, forventede en uden"),
        LocalizedText(
          "write the password into a file of its own, and name that with password-file",
          "skriv adgangskoden i en fil for sig, og nævn den med password-file")
      )
    }
    if !text.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && $0.value >= 0x20 }) {
      let found = LocalizedText("an address with a blank in it", "en adresse med et mellemrum i")
      return (
        LocalizedText.found(found, expected: addressForm),
        LocalizedText(
          "write % and two digits for special characters", "skriv % og to cifre i stedet for specialtegn")
      )
    }
    return nil
  }

  /// True for `postgresql://user:password@host/…` and `…?password=password`.
  private static func holdsPassword(_ address: String) -> Bool {
    let rest = address.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
    // A password may hold a slash that was to be written as %2F.
    let place = rest.prefix { $0 != UInt8(ascii: "?") }
    if let at = place.lastIndex(of: UInt8(ascii: "@")), place[..<at].contains(UInt8(ascii: ":")) { return true }
    let query = rest.drop { $0 != UInt8(ascii: "?") }.dropFirst()
    return query.split(separator: UInt8(ascii: "&")).contains { part in
      let key = part.prefix { $0 != UInt8(ascii: "=") }
      return ["password", "sslpassword", "oauth_client_secret"].contains { $0.utf8.elementsEqual(key) }
    }
  }
}
