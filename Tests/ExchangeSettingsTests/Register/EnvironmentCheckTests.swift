import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing

/// UUIDs and login keys that are used in external test and in production.
@Suite(.timeLimit(.minutes(25))) struct EnvironmentCheckTests {
  private static let system = RegisterFolder.system
  private static let other = RegisterFolder.receiver

  /// Settings with an account in each environment; both are told apart by their hosts.
  private static func settings(
    test: String = system, production: String = other, keys: (String, String) = ("a", "b"), hosts: [String]? = nil,
    rest: String = ""
  ) -> String {
    let hosts = hosts ?? ["sftpexttest.serviceplatformen.dk", "sftp.serviceplatformen.dk"]
    return "accounts:\n"
      + zip(["try", "real"], zip(hosts, [(test, keys.0), (production, keys.1)])).map { name, account in
        """
          \(name):
            host: \(account.0)
            user: fagsystem
            key: \(account.1.1)
            host-keys: ["\(SettingsText.fingerprint)"]
            it-system: \(account.1.0)

        """
      }.joined() + rest
  }

  /// The refusal of settings in a folder; empty where they are taken.
  private func refusals(_ text: String, in folder: borrowing RegisterFolder) throws -> [SettingsProblem] {
    try folder.write(text, as: "filsluse.yaml")
    do throws(SettingsError) {
      _ = try ExchangeSettings.load(folder.settingsFile)
      return []
    } catch {
      return error.problems
    }
  }

  @Test("refuses settings in which one UUID is used in external test and in production, with both places")
  func oneSystem() throws {
    let folder = try RegisterFolder()
    #expect(try refusals(Self.settings(), in: folder).isEmpty)
    let found = try refusals(Self.settings(production: Self.system), in: folder)
    #expect(found.map(\.code.rawValue) == ["system-in-both-environments"])
    let problem = try #require(found.first)
    #expect(problem.line == 9 && problem.message.contains("\"try\" (line 3)") && problem.message.contains("\"real\""))
    #expect(problem.remedy?.contains("two instances") == true)
    // One environment, or one that is not known, has nothing to compare.
    for hosts in [Array(repeating: "sftp.serviceplatformen.dk", count: 2), ["127.0.0.1", "sftp.serviceplatformen.dk"]] {
      #expect(try refusals(Self.settings(production: Self.system, hosts: hosts), in: folder).isEmpty)
    }
  }

  @Test("refuses a route of one environment whose recipient is an instance of the other, under routes: and in the list")
  func oneRecipient() throws {
    let folder = try RegisterFolder()
    func route(_ name: String, _ account: String) -> String {
      "  \(name): { account: \(account), kind: explicit, infref: \(RegisterFolder.infRef), sender-authority: \"64942212\", recipient-authority: \"64942212\", recipient-it-system: 0d8a7a5c-1111-4222-8333-444455559999 }\n"
    }
    #expect(try refusals(Self.settings(rest: "routes:\n" + route("r1", "real")), in: folder).isEmpty)
    let both = Self.settings(rest: "routes:\n" + route("r1", "real") + route("r2", "try"))
    let found = try refusals(both, in: folder)
    #expect(found.map(\.code.rawValue) == ["system-in-both-environments"])
    #expect(found.first?.line == 16 && found.first?.message.contains("the route \"r1\" (line 15)") == true, "\(found)")
    try folder.write(
      "name;account;infref;authority;recipient-it-system\nr2;try;\(RegisterFolder.infRef);64942212;\(Self.other)\n",
      as: "routes.csv")
    let listed = try refusals(Self.settings(rest: "routes-file: routes.csv\n"), in: folder)
    #expect(listed.map(\.code.rawValue) == ["system-in-both-environments"])
    #expect(listed.first?.file.lastComponent?.string == "routes.csv" && listed.first?.line == 2)
  }

  @Test("refuses an arrival of one environment whose sender is an instance of the other")
  func oneSenderOfArrivals() throws {
    let folder = try RegisterFolder()
    func arrival(_ sender: String) -> String {
      "arrivals:\n  incoming: { account: real, infref: \(RegisterFolder.infRef), sender-it-systems: [\(sender)] }\n"
    }
    #expect(try refusals(Self.settings(rest: arrival(Self.other)), in: folder).isEmpty)
    let found = try refusals(Self.settings(rest: arrival(Self.system)), in: folder)
    #expect(found.map(\.code.rawValue) == ["system-in-both-environments"])
    #expect(found.first?.message.contains("the arrival \"incoming\"") == true && found.first?.line == 15)
  }

  @Test("warns of a key that cannot be read where accounts are in both environments, and of none where they are in one")
  func unreadableKey() throws {
    let folder = try RegisterFolder()
    try folder.write("no key, but it can be read", as: "a")
    func warnings(_ settings: String) throws -> [SettingsProblem] {
      try folder.write(settings, as: "filsluse.yaml")
      return try ExchangeSettings.load(folder.settingsFile).warnings.filter { $0.code.rawValue == "key-not-compared" }
    }
    let found = try warnings(Self.settings(keys: ("a", "missing")))
    #expect(found.count == 1)
    #expect(found.first?.line == 9 && found.first?.message.contains("/missing of the account \"real\"") == true)
    let hosts = Array(repeating: "sftp.serviceplatformen.dk", count: 2)
    #expect(try warnings(Self.settings(keys: ("a", "missing"), hosts: hosts)).isEmpty)
  }

  @Test("refuses one key in both environments by its content: copied, encrypted, in another form, or held by ssh-agent")
  func oneKey() async throws {
    let folder = try RegisterFolder()
    let made = await Program(
      arguments: [
        "bash", "-ec",
        """
        cd "$0"; ssh-keygen -q -t ed25519 -N '' -f other
        for t in ed25519 ecdsa rsa; do ssh-keygen -q -t $t -N '' -f $t
          cp $t copy-$t; ssh-keygen -q -p -N secret -f copy-$t > /dev/null; done
        for t in ecdsa rsa; do for m in PEM PKCS8; do
          cp $t $m-$t; ssh-keygen -q -p -N '' -m $m -f $m-$t > /dev/null; done; done
        cp PEM-rsa locked; ssh-keygen -q -p -N secret -m PEM -f locked > /dev/null; cp rsa.pub locked.pub
        """, folder.path.string,
      ], timeout: .seconds(120)
    ).run()
    #expect(made.isSuccess, "\(made.summary)")
    let same = [
      ("ed25519", "copy-ed25519"), ("ecdsa", "copy-ecdsa"), ("ecdsa", "PEM-ecdsa"), ("PKCS8-ecdsa", "PEM-ecdsa"),
      ("rsa", "PEM-rsa"), ("rsa", "PKCS8-rsa"), ("copy-rsa", "locked"), ("ed25519", "{ agent: ed25519.pub }"),
      ("[other, ecdsa]", "[ed25519, copy-ecdsa]"),
    ]
    for keys in same {
      let found = try refusals(Self.settings(keys: keys), in: folder)
      #expect(found.map(\.code.rawValue) == ["key-in-both-environments"], "\(keys)")
      #expect(found.first?.message.contains("the key SHA256:") == true && found.first?.line == 9, "\(keys)")
    }
    for keys in [("ed25519", "other"), ("rsa", "ecdsa"), ("missing", "missing")] {
      #expect(try refusals(Self.settings(keys: keys), in: folder).isEmpty, "\(keys)")
    }
  }
}
