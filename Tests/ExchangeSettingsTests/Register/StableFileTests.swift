import FilsluseBase
import Foundation
import SystemPackage
import Testing

@testable import ExchangeSettings

/// A list that a program writes while it is read.
@Suite struct StableFileTests {
  @Test("reads a list that is written to while it is read again, and gives up where that goes on")
  func changing() throws {
    let folder = try RegisterFolder()
    try folder.write("first", as: "routes.csv")
    let path = folder.list
    func append(_ text: String) {
      let file = FileHandle(forWritingAtPath: path.string)
      file?.seekToEndOfFile()
      file?.write(Data(text.utf8))
      file?.closeFile()
    }
    var writes = 1
    let log = RegisterLog(file: path)
    let bytes = StableFile.read(path, log: log) {
      if writes > 0 { append(" and second") }
      writes -= 1
    }
    #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == "first and second" && log.findings.isEmpty)
    var readings = 0
    let unfinished = StableFile.read(path, log: log) {
      readings += 1
      append("x")
    }
    #expect(unfinished == nil && readings == 3)
    #expect(log.findings.map(\.code) == [.changedWhileRead] && log.hasErrors)
    // Of a file that is replaced meanwhile, the new one is read.
    var replacements = 1
    let replaced = StableFile.read(path, log: RegisterLog(file: path)) {
      if replacements > 0 {
        #expect(FileManager.default.createFile(atPath: path.string + ".new", contents: Data("new".utf8)))
        #expect(rename(path.string + ".new", path.string) == 0)
      }
      replacements -= 1
    }
    #expect(replaced.map { String(decoding: $0, as: UTF8.self) } == "new")
  }

  @Test("warns of a list that every user can change")
  func writableByAll() throws {
    let folder = try RegisterFolder()
    try folder.write(RegisterFolder.header, as: "routes.csv")
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: folder.list.string)
    let warnings = try ExchangeSettings.load(folder.settingsFile).warnings
    #expect(warnings.map(\.code.rawValue) == ["writable-by-all"] && warnings.first?.file == folder.list)
    try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: folder.list.string)
    #expect(try ExchangeSettings.load(folder.settingsFile).warnings.isEmpty)
  }
}
