import Glibc
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
        "$0" receive --config nowhere.yaml; echo $?
        export FILSLUSE_CONFIG=nowhere.yaml; "$0" receive; echo $?; "$0" routes check --language da; echo $?
        """)
      #expect(outcome.output == "78\n78\n78\n78\n78\n")
      let lines = outcome.errors.split(separator: "\n")
      try #require(lines.count == 6, "\(outcome)")
      #expect(lines[0].contains("there are no settings") && lines[0].contains("\(folder)/home/.config/filsluse/"))
      #expect(lines[0].contains("/etc/filsluse/filsluse.yaml") && lines[0].contains("filsluse init"))
      #expect(lines[1].hasPrefix("\(folder)/home/.config/filsluse/filsluse.yaml:1:1: error: acounts"))
      #expect(lines[2].contains("accounts: the key is missing"))
      #expect(lines[3].hasPrefix("nowhere.yaml: error: there is no such file, looked for from the folder \(folder); "))
      #expect(lines[3].contains("name the settings file (--config), or make it (filsluse init)"))
      // A path that the environment names is on no command line.
      let missing = "FILSLUSE_CONFIG names the settings file nowhere.yaml, and there is no \(folder)/nowhere.yaml; "
      #expect(lines[4].hasPrefix("filsluse: \(missing)correct or unset the variable, name another file with --config"))
      #expect(lines[5].hasPrefix("filsluse: FILSLUSE_CONFIG angiver indstillingsfilen nowhere.yaml, og der er ingen "))
    }
  }

  @Test("settings of the working folder that others can write are not used unless they are named")
  func writableByAll() async throws {
    try await withScratchFolder("search") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; export LC_ALL=C.UTF-8; unset FILSLUSE_CONFIG; echo 'acounts: {}' > filsluse.yaml
        said() { "$0" receive "$@" 2>&1 | head -1 | grep -oE 'every user can write to [a-z]+|: error: acounts'; }
        chmod 666 filsluse.yaml; said; said --config filsluse.yaml; FILSLUSE_CONFIG=filsluse.yaml said
        chmod 644 filsluse.yaml; chmod 777 .; said; chmod 1777 .; said; chmod 755 .; said
        chmod 666 filsluse.yaml; LC_ALL=da_DK.UTF-8 "$0" receive 2>&1 | grep -c 'alle brugere kan skrive i den; .*--config ./filsluse.yaml'
        rm filsluse.yaml; export HOME=$PWD/none; unset XDG_CONFIG_HOME
        LC_ALL=da_DK.UTF-8 "$0" receive 2>&1 | grep -c 'der er ingen indstillinger: FILSLUSE_CONFIG er ikke sat'
        """)
      #expect(
        outcome.output == """
          every user can write to it
          : error: acounts
          : error: acounts
          every user can write to its
          : error: acounts
          : error: acounts
          1
          1

          """, "\(outcome)")
    }
  }

  @Test(
    "settings of the working folder that belong to another user are not used unless they are named",
    .enabled(if: geteuid() == 0, "only root can give files away"))
  func otherOwner() async throws {
    try await withScratchFolder("search") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; export LC_ALL=C.UTF-8; unset FILSLUSE_CONFIG; echo 'acounts: {}' > own.yaml; ln -s own.yaml filsluse.yaml
        said() { "$0" receive "$@" 2>&1 | head -1 | grep -oE 'another user .65534.|: error: acounts'; }
        said; chown -h 65534 filsluse.yaml; said; said --config filsluse.yaml
        chown -h 0 filsluse.yaml; chown 65534 own.yaml; said; chown 0 own.yaml; chown 65534 .; said; chown 0 .; said
        """)
      #expect(
        outcome.output == """
          : error: acounts
          another user (65534)
          : error: acounts
          another user (65534)
          another user (65534)
          : error: acounts

          """, "\(outcome)")
    }
  }
}
