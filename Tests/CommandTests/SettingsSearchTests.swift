import PlatformFixture
import SystemPackage
import Testing

@testable import filsluse

/// The places in which settings are looked for.
@Suite struct SettingsSearchTests {
  private func search(_ option: String? = nil, _ environment: [String: String] = [:]) -> SettingsSearch {
    SettingsSearch(option: option) { environment[$0] }
  }

  @Test("the option counts before the environment, and both before the usual places")
  func named() throws {
    let environment = ["FILSLUSE_CONFIG": "/from/environment.yaml", "HOME": "/home/a"]
    #expect(try search("given.yaml", environment).file() == "given.yaml")
    #expect(try search(nil, environment).file() == "/from/environment.yaml")
    #expect(search(nil, ["FILSLUSE_CONFIG": ""]).named == nil)
  }

  @Test("the usual places are the working folder, the user's configuration and /etc")
  func places() {
    #expect(
      search(nil, ["HOME": "/home/a"]).places
        == ["filsluse.yaml", "/home/a/.config/filsluse/filsluse.yaml", "/etc/filsluse/filsluse.yaml"])
    #expect(
      search(nil, ["HOME": "/home/a", "XDG_CONFIG_HOME": "/conf"]).places
        == ["filsluse.yaml", "/conf/filsluse/filsluse.yaml", "/etc/filsluse/filsluse.yaml"])
    // A relative path there does not count (XDG base directory specification).
    #expect(search(nil, ["XDG_CONFIG_HOME": "conf"]).places == ["filsluse.yaml", "/etc/filsluse/filsluse.yaml"])
  }

  @Test("a command finds the user's settings, and names every place where there are none")
  func found() async throws {
    try await withScratchFolder("search") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; export HOME=$PWD/home; unset XDG_CONFIG_HOME FILSLUSE_CONFIG; mkdir -p home/.config/filsluse
        "$0" receive; echo $?
        echo 'acounts: {}' > home/.config/filsluse/filsluse.yaml; "$0" receive; echo $?
        FILSLUSE_CONFIG=nowhere.yaml "$0" receive; echo $?
        """)
      #expect(outcome.output == "78\n78\n78\n")
      let lines = outcome.errors.split(separator: "\n")
      try #require(lines.count == 4, "\(outcome)")
      #expect(lines[0].contains("there are no settings") && lines[0].contains("\(folder)/home/.config/filsluse/"))
      #expect(lines[0].contains("/etc/filsluse/filsluse.yaml") && lines[0].contains("filsluse init"))
      #expect(lines[1].hasPrefix("\(folder)/home/.config/filsluse/filsluse.yaml:1:1: error: acounts"))
      #expect(lines[2].contains("accounts: the key is missing"))
      #expect(lines[3].hasPrefix("nowhere.yaml: error: there is no such file"))
    }
  }
}
