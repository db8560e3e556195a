import Glibc
package import SystemPackage
internal import TriggerFiles
internal import Yams

// Paths and programs as values of keys.

extension ValueType<FilePath> {
  /// A local path; a relative one starts at the settings file's folder, `~/` at the user's home.
  static var path: Self {
    let expected = LocalizedText("a path", "en sti")
    return Self(expected: expected) { entry, reader in
      if case .scalar(let scalar) = entry.node, let trouble = LocalPath.troubleWithHome(scalar.string) {
        entry.report(
          .badValue,
          LocalizedText("found \(Entry.shown(scalar.string)), but ", "fandt \(Entry.shown(scalar.string)), men ")
            + trouble,
          remedy: LocalPath.homeRemedy)
        return nil
      }
      // Not quoted: there may be a password in it.
      if case .scalar(let scalar) = entry.node, let scheme = LocalPath.scheme(of: scalar.string) {
        entry.report(
          .badValue,
          .found(
            LocalizedText("an address (\(scheme)://…)", "en adresse (\(scheme)://…)"),
            expected: expected + LocalizedText(" on this machine", " på denne maskine")),
          remedy: LocalizedText(
            "write the path of a file or folder; no database server and no other machine can be named here",
            "skriv stien til en fil eller mappe; hverken en databaseserver eller en anden maskine kan nævnes her"))
        return nil
      }
      return entry.value(
        expected,
        remedy: LocalizedText(
          "write the whole path, or one that starts at this file's folder",
          "skriv hele stien eller en, der begynder i denne fils mappe")
      ) { LocalPath.resolve($0, in: reader.folder) }
    } write: { path, writer in
      .text(LocalPath.text(for: path, in: writer.folder))
    }
  }
}

extension ValueType<FilePath> {
  /// The path of a database's file. What may be meant as a server's address is refused, and not quoted.
  static var databaseFile: Self {
    let path = Self.path
    return Self(expected: path.expected) { entry, reader in
      guard case .scalar(let scalar) = entry.node, LocalPath.scheme(of: scalar.string) == nil,
        LocalPath.mayBeAddress(scalar.string)
      else { return path.read(entry, reader) }
      entry.report(
        .badValue,
        .found(
          LocalizedText("what looks like the address of a database", "noget, der ligner adressen på en database"),
          expected: path.expected + LocalizedText(" on this machine", " på denne maskine")),
        remedy: LocalizedText(
          "write the path of a file, with ./ before a name that is meant so",
          "skriv stien til en fil, med ./ foran et navn, der er ment sådan"))
      return nil
    } write: { file, writer in
      path.write(file, writer)
    }
  }
}

extension ValueType<[String]> {
  /// A program and its arguments, to be run without a shell. A program with a slash in it starts at the settings file's
  /// folder like any path; one without is looked for in `PATH`.
  static var command: Self {
    let expected = LocalizedText(
      "a list of the program and its arguments", "en liste over programmet og dets argumenter")
    let words = ValueType.list(
      of: .text(LocalizedText("a word without NUL characters", "et ord uden NUL-tegn")) {
        !$0.unicodeScalars.contains("\0")
      }, expected)
    return Self(expected: expected) { entry, reader in
      guard var words = words.read(entry, reader), let program = words.first else { return nil }
      // Written as a single text, it may be meant for a shell.
      if case .scalar = entry.node, program.contains(where: \.isWhitespace) {
        entry.report(
          .badValue,
          LocalizedText.found(LocalizedText(Entry.shown(program)), expected: expected)
            + LocalizedText(": no shell splits it into words", ": ingen shell deler det i ord"),
          remedy: LocalizedText("write a list: [PROGRAM, ARGUMENT]", "skriv en liste: [PROGRAM, ARGUMENT]"))
        return nil
      }
      if isPath(program) {
        guard let path = LocalPath.resolve(program, in: reader.folder) else {
          let trouble = LocalPath.troubleWithHome(program)
          let reason =
            trouble.map { LocalizedText("but ", "men ") + $0 }
            ?? LocalizedText("expected the path of a program", "forventede stien til et program")
          entry.report(
            .badValue,
            LocalizedText("found \(Entry.shown(program)), ", "fandt \(Entry.shown(program)), ") + reason,
            remedy: trouble.map { _ in LocalPath.homeRemedy })
          return nil
        }
        words[0] = stillPath(path.string)
      }
      return words
    } write: { command, writer in
      guard let program = command.first, isPath(program) else { return .list(command.map(YAMLValue.text)) }
      let path = LocalPath.text(for: FilePath(program), in: writer.folder)
      return .list(([stillPath(path)] + command.dropFirst()).map(YAMLValue.text))
    }
  }

  private static func isPath(_ program: String) -> Bool { program.utf8.contains(UInt8(ascii: "/")) }

  /// Keeps a text recognisable as a path if the settings are in the working folder.
  private static func stillPath(_ path: String) -> String { isPath(path) ? path : "./\(path)" }
}

/// Local paths as settings write them.
package enum LocalPath {
  /// Returns the path that `text` names; `nil` if it names none.
  ///
  /// `..` is kept: only the file system, which knows the symbolic links, can resolve it.
  package static func resolve(_ text: String, in folder: FilePath) -> FilePath? {
    guard !text.isEmpty, text.escapingControls == text else { return nil }
    if text.hasPrefix("~/") {
      guard let home else { return nil }
      return home.pushing(plain(String(text.dropFirst(2))))
    }
    // Another user's home, or a slip; a file that is called so is written ./~name.
    guard !text.hasPrefix("~") else { return nil }
    return folder.pushing(plain(text))
  }

  /// The scheme of a text that is an address, such as `postgresql` of `postgresql://db/journal` (RFC 3986, section
  /// 3.1); `nil` for any other text. A file that is called so is written `./postgresql:/db`.
  static func scheme(of text: String) -> String? {
    guard let end = text.firstRange(of: "://"), let first = text.utf8.first else { return nil }
    func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
    let scheme = text[..<end.lowerBound]
    let others = Set("0123456789+-.".utf8)
    guard isLetter(first), scheme.utf8.allSatisfy({ isLetter($0) || others.contains($0) }) else { return nil }
    return String(scheme)
  }

  /// True for a text that may be meant as the address of a database, also where it is not written as one should be: it
  /// begins with `postgres`, holds `://`, or is a line of libpq's such as `dbname=filsluse`. A path that begins at a
  /// folder, such as `./postgres.sqlite`, is none.
  static func mayBeAddress(_ text: String) -> Bool {
    let text = text.drop(while: \.isWhitespace).lowercased()
    if ["/", "./", "../", "~/"].contains(where: { text.hasPrefix($0) }) { return false }
    if text.hasPrefix("postgres") || text.contains("://") { return true }
    let rest = text.utf8.drop { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
    let sign = rest.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return rest.count < text.utf8.count && sign == UInt8(ascii: "=")
  }

  /// The user's home: the value of `HOME` if it is an absolute path. With an empty or relative one, `~/` would mean the
  /// folder that the program happens to run in.
  private static var home: FilePath? {
    getenv("HOME").map { FilePath(String(cString: $0)) }.flatMap { $0.isAbsolute ? $0 : nil }
  }

  /// Returns the reason why a path that begins at the user's home cannot be resolved; `nil` for any other text.
  static func troubleWithHome(_ text: String) -> LocalizedText? {
    guard text.hasPrefix("~/"), home == nil else { return nil }
    guard let value = getenv("HOME") else {
      return LocalizedText("the environment variable HOME is not set", "miljøvariablen HOME er ikke sat")
    }
    return value.pointee == 0
      ? LocalizedText("the environment variable HOME is empty", "miljøvariablen HOME er tom")
      : LocalizedText("the environment variable HOME is no whole path", "miljøvariablen HOME er ikke en hel sti")
  }

  /// The remedy for a path that begins at a home that is not known.
  static let homeRemedy = LocalizedText(
    "set HOME to the user's home, or write the whole path", "sæt HOME til brugerens hjemmemappe, eller skriv hele stien"
  )

  /// The shortest text that `resolve` reads as `path`, which is absolute or below the folder.
  static func text(for path: FilePath, in folder: FilePath) -> String {
    var rest = path
    if !folder.isEmpty, !rest.removePrefix(folder) || rest.isEmpty { rest = path }
    return rest.string.hasPrefix("~") || mayBeAddress(rest.string) ? "./\(rest.string)" : rest.string
  }

  private static func plain(_ text: String) -> FilePath {
    let path = FilePath(text)
    // Splitting a path is expensive, and hardly any has a component `.`.
    guard "/\(text)/".contains("/./") else { return path }
    return FilePath(root: path.root, path.components.filter { $0.kind != .currentDirectory })
  }
}
