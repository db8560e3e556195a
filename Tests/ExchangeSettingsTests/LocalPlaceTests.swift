import ExchangeSettings
import Foundation
import Glibc
import SystemPackage
import Testing

/// Folders and files of the settings that conflict with each other.
@Suite struct LocalPlaceTests {
  private func routes(_ folders: String..., rest: String = "") -> String {
    SettingsText.account + rest + "routes:\n"
      + folders.enumerated().map {
        "  r\($0): { account: fagsystem, kind: direct, recipients: [b], outgoing: { folder: \($1) } }\n"
      }.joined()
  }

  private func problems(_ text: String, in folder: FilePath = "/etc/filsluse") -> [SettingsProblem] {
    do throws(SettingsError) {
      _ = try ExchangeSettings.parse(text, source: folder.appending("filsluse.yaml"))
      return []
    } catch {
      return error.problems
    }
  }

  @Test(
    "refuses an outgoing folder inside another, in either order",
    arguments: [("ud", "ud/flis"), ("ud/flis", "ud"), ("ud", "ud"), ("ud", "x/../ud/.taken"), ("/etc/filsluse", "ud")])
  func nestedOutgoing(first: String, second: String) throws {
    let found = problems(routes(first, second)).filter { $0.keyPath == "routes.r1.outgoing.folder" }
    #expect(found.map(\.code) == [.conflict])
    let problem = try #require(found.first)
    // Both places: its own, and the other's in the message.
    let line = try #require(problem.line)
    #expect(problem.column != nil && problem.message.contains("line \(line - 1), column"))
  }

  @Test("gives the lines of folders whose routes have names that YAML takes for other values")
  func namesLikeValues() {
    let names = ["0751", "true", "null", "1.5"]
    let text =
      SettingsText.account + "routes:\n"
      + names.map {
        "  \"\($0)\": { account: fagsystem, kind: direct, recipients: [b], outgoing: { folder: ud } }\n"
      }.joined()
    let found = problems(text)
    #expect(found.count >= names.count - 1 && found.allSatisfy { $0.code == .conflict && $0.line != nil }, "\(found)")
  }

  @Test(
    "refuses journal, inbox and watch database in an outgoing folder, and an outgoing folder in the inbox",
    arguments: [
      ("ud", "journal: ud/journal.sqlite\n", "the journal"), ("ud", "inbox: ud/ind\n", "the inbox"),
      ("ind/ud", "inbox: ind\n", "the inbox"), ("ud", "watch: { database: ud/watch.sqlite }\n", "the watch"),
      ("inbox/ud", "", "the inbox"), ("ind", "inbox: ind\n", "the inbox"),
    ])
  func otherPlaces(folder: String, rest: String, what: String) {
    let found = problems(routes(folder, rest: rest))
    #expect(found.map(\.code) == [.conflict])
    #expect(found.first?.message.contains(what) == true)
    #expect(found.first?.line != nil)
  }

  @Test("refuses the folder of the settings and the keys as an outgoing folder, and a journal in the inbox")
  func keysAndSettings() {
    let whole = problems(routes("/etc/filsluse"))
    #expect(!whole.isEmpty && whole.allSatisfy { $0.code == .conflict && $0.keyPath == "routes.r0.outgoing.folder" })
    #expect(whole.contains { $0.message.contains("the key of") } || whole.contains { $0.message.contains("this file") })
    let journal = problems(routes("ud", rest: "inbox: ind\njournal: ind/journal.sqlite\n"))
    #expect(journal.map(\.keyPath) == ["journal"])
  }

  @Test("accepts folders beside each other, with names that begin alike")
  func beside() {
    #expect(problems(routes("ud", "ud2", "ud-b", rest: "inbox: ind\njournal: ud.sqlite\n")).isEmpty)
  }

  @Test("resolves links and parents, and compares device and inode")
  func links() throws {
    let folder = FilePath(NSTemporaryDirectory()).appending("filsluse-places-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    try FileManager.default.createDirectory(
      atPath: folder.appending("disk/ud").string, withIntermediateDirectories: true)
    #expect(symlink(folder.appending("disk").string, folder.appending("link").string) == 0)
    #expect(problems(routes("disk/ud", "link/ud"), in: folder).map(\.code) == [.conflict])
    #expect(problems(routes("disk", "link/ud/ny/flis"), in: folder).map(\.code) == [.conflict])
    // Where the link leads to, `..` goes up.
    #expect(problems(routes("ud", "link/../ud"), in: folder).map(\.code) == [.conflict])
    #expect(problems(routes("ud", "link/ud/../andet"), in: folder).isEmpty)
  }
}
