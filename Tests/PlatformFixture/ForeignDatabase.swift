import FilsluseStore
public import Foundation
public import SystemPackage

/// A database of another program, in the place of one of ours.
public enum ForeignDatabase: Sendable {
  case withTables
  /// Its tables are in its log alone.
  case withLog
  case withoutTables

  /// Writes the file, with its log where it has one.
  public func lay(at path: FilePath) throws {
    switch self {
    case .withTables: try SQLiteFile(writing: path).run(script: Self.table)
    case .withoutTables: try SQLiteFile(writing: path).run(script: "PRAGMA application_id = 7")
    case .withLog:
      let source = FilePath(path.string + ".source")
      let open = try SQLiteFile(writing: source)
      try open.run(script: "PRAGMA journal_mode = WAL; \(Self.table)")
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: source.string + suffix, toPath: path.string + suffix)
      }
      try open.close()
    }
  }

  private static let table = "CREATE TABLE letter (text TEXT)"
}

/// Returns the contents of a database's file and of what SQLite keeps beside it; `nil` for a file that is not there.
public func databaseContents(_ path: FilePath) throws -> [Data?] {
  try ["", "-wal", "-journal"].map { suffix in
    let file = path.string + suffix
    return FileManager.default.fileExists(atPath: file) ? try Data(contentsOf: URL(filePath: file)) : nil
  }
}
