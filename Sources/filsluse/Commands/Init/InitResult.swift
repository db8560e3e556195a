import FoundationEssentials
import SystemPackage

/// A finished set-up, as `filsluse init --json` shows it.
struct InitResult: Encodable {
  /// The settings file.
  let settings: String
  /// The list of routes.
  let routes: String
  /// The texts to send to others, in the order of their names.
  let texts: [String]
  /// True if the settings reach only the local platform.
  let isTrial: Bool
  /// The command lines that go on from here.
  let next: [String]
  /// The checks of the accounts; empty in a trial and with `--without-check`.
  let checks: [CheckReport]

  /// The result of a set-up for a real server.
  init(_ command: Init, checks: [CheckReport]) {
    self.init(
      command, isTrial: false, next: ["filsluse routes check\(command.settingsOption)"], checks: checks)
  }

  /// The result of a trial, with the command lines that try it.
  init(_ command: Init, trial next: [String]) { self.init(command, isTrial: true, next: next, checks: []) }

  private init(_ command: Init, isTrial: Bool, next: [String], checks: [CheckReport]) {
    settings = command.settingsFile.string
    routes = command.folder.appending(Init.listName).string
    let folder = command.folder.appending("texts")
    // A trial has no such folder.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
    texts = names.sorted().map { folder.appending($0).string }
    self.isTrial = isTrial
    self.next = next
    self.checks = checks
  }
}
