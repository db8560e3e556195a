import ExchangeSettings
import SystemPackage
import Testing

/// The keys that an account logs in with: one, several in order, and those of ssh-agent.
@Suite struct KeySettingsTests {
  /// An account with this text behind `key:`.
  private func text(_ key: String) -> String {
    SettingsText.account.replacing("key: keys/fagsystem", with: "key: \(key)")
  }

  @Test(
    "reads a key file, a list in its order, a passphrase of its own, and keys of ssh-agent, and writes them back",
    arguments: [
      ("keys/a", [.file("/etc/keys/a")]),
      ("[keys/next, keys/current]", [.file("/etc/keys/next"), .file("/etc/keys/current")]),
      ("{ file: a }", [.file("/etc/a")]),
      ("{ file: a, passphrase: { environment: P } }", [.file("/etc/a", passphrase: .environment("P"))]),
      ("{ agent: a.pub }", [.agent(.publicKey("/etc/a.pub"))]),
      (
        "[{ agent: \"\(SettingsText.fingerprint)\", socket: /run/agent }, b]",
        [.agent(.fingerprint(SettingsText.fingerprint), socket: "/run/agent"), .file("/etc/b")]
      ),
      (
        "[{ file: a, passphrase: { file: a.pass } }, { file: b, passphrase: { file: b.pass } }]",
        [.file("/etc/a", passphrase: .file("/etc/a.pass")), .file("/etc/b", passphrase: .file("/etc/b.pass"))]
      ),
    ] as [(String, [AccountKey])])
  func kinds(key: String, expected: [AccountKey]) throws {
    let settings = try ExchangeSettings.parse(text(key), source: "/etc/f.yaml")
    #expect(settings.accounts.first?.keys == expected)
    #expect(try ExchangeSettings.parse(settings.yaml(), source: "/etc/f.yaml") == settings)
  }

  @Test(
    "says what is wrong with a key, and where",
    arguments: [
      ("[]", "an empty list"), ("[a, a]", "the same key twice"), ("{ socket: /run/a }", "neither of file and agent"),
      ("{ file: a, agent: a.pub }", "expected one of the two"),
      ("{ file: a, socket: /run/a }", "goes with agent alone"),
      ("{ agent: a.pub, passphrase: { file: p } }", "goes with file alone"),
      ("{ agent: \"SHA256:abc\" }", "SHA256: and 43 characters"), ("[a, [b]]", "a list"),
      ("{ agnet: a }", "did you mean"),
      ("[{ file: a, passphrase: hemmelig }]", "may be a passphrase"),
    ])
  func problems(key: String, words: String) {
    let problems = SettingsText.problems(in: text(key))
    #expect(problems.contains { $0.contains(words) }, "\(problems)")
    #expect(!problems.contains { $0.contains("hemmelig") })
    #expect(problems.allSatisfy { $0.hasPrefix("5:") }, "\(problems)")
  }

  @Test("counts every key file among the places that an outgoing folder must not hold")
  func places() {
    let routes = """
      routes:
        r:
          account: fagsystem
          kind: explicit
          infref: \(SettingsText.infRef)
          recipient-it-system: \(SettingsText.otherSystem)
          recipient-authority: 12345678
          outgoing: { folder: ud }

      """
    let problems = SettingsText.problems(in: text("[keys/a, { file: ud/b }]") + routes)
    #expect(problems.contains { $0.contains("ud/b") && $0.contains("the key of") }, "\(problems)")
  }
}
