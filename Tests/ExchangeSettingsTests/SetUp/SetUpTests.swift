import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

/// The settings, the list and the texts of a first account.
@Suite struct SetUpTests {
  private static func full() throws -> SetUp {
    SetUp(
      host: ExchangeEnvironment.externalTest.host, user: "fagsystem", keyFile: "keys/fagsystem",
      publicKey: "ssh-rsa AAAA fagsystem",
      fingerprints: [SettingsText.fingerprint], itSystem: try SystemID(SettingsText.system),
      authority: try CVRNumber("55133018"), infRef: try InfRef(SettingsText.infRef, register: []), receiver: "flis",
      recipientITSystem: try SystemID(SettingsText.otherSystem),
      authorities: [
        try #require(SetUp.Authority("0751=55133018")), try #require(SetUp.Authority("Odense = 35209115")),
      ],
      contact: "Driften, 12345678, drift@example.dk")
  }

  @Test("writes settings and a list that read back as what was said")
  func readsBack() throws {
    let folder = try RegisterFolder()
    let setUp = try Self.full()
    try folder.write(setUp.settings(), as: "filsluse.yaml")
    try folder.write(setUp.list(), as: "routes.csv")
    let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
    let account = try #require(settings.accounts.first)
    #expect(settings.accounts.count == 1 && account.name == "fagsystem" && account.user == "fagsystem")
    #expect(account.environment == .externalTest && account.port == 22)
    #expect(account.keys == [.file(folder.path.appending("keys").appending("fagsystem"))])
    #expect(account.hostKeys == .pinned([SettingsText.fingerprint]))
    #expect(account.itSystem == setUp.itSystem && account.authority == setUp.authority)
    #expect(settings.warnings.isEmpty)
    let routes = try #require(register).routes
    #expect(routes.map(\.name) == ["flis-0751", "flis-0461"])
    #expect(routes.map(\.municipality?.name) == ["Aarhus", "Odense"])
    #expect(routes.allSatisfy { $0.recipientITSystem == setUp.recipientITSystem })
  }

  @Test("writes settings that can be read where little is known, and shows what is open as comments")
  func little() throws {
    let folder = try RegisterFolder()
    let setUp = SetUp(
      host: "10.0.0.1", port: 2222, user: "yes", keyFile: "/etc/a key", fingerprints: [SettingsText.fingerprint],
      authorities: [try #require(SetUp.Authority("751=55133018"))])
    try folder.write(setUp.settings(), as: "filsluse.yaml")
    try folder.write(setUp.list(), as: "routes.csv")
    let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
    let account = try #require(settings.accounts.first)
    #expect(account.name == "yes" && account.port == 2222 && account.environment == nil && account.itSystem == nil)
    #expect(account.keys == [.file("/etc/a key")])
    #expect(try #require(register).routes.isEmpty)
    #expect(setUp.list().contains("# ;flis;;;0751;55133018;\n"))
  }

  @Test("writes the same settings and list with Danish comments, and journal and inbox in a folder of their own")
  func danish() throws {
    let folder = try RegisterFolder()
    var setUp = try Self.full()
    setUp.dataFolder = "/var/lib/filsluse"
    try folder.write(setUp.settings(in: .danish), as: "filsluse.yaml")
    try folder.write(setUp.list(in: .danish), as: "routes.csv")
    let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
    #expect(settings.journal == "/var/lib/filsluse/journal.sqlite" && settings.inbox == "/var/lib/filsluse/inbox")
    #expect(register?.routes.map(\.name) == ["flis-0751", "flis-0461"])
    #expect(setUp.settings(in: .danish).contains("# SFTP-brugeren") && !setUp.settings(in: .danish).contains("The "))
    func data(_ text: String) -> [String] {
      text.split(separator: "\n").map { line in String(line.prefix { $0 != "#" }) }.filter { !$0.isEmpty }
    }
    #expect(data(setUp.settings(in: .danish)) == data(setUp.settings()))
    #expect(data(setUp.list(in: .danish)) == data(setUp.list()))
  }

  @Test("names a file of host keys in place of fingerprints, and says of a trial that its values are invented")
  func knownHosts() throws {
    let folder = try RegisterFolder()
    var setUp = try Self.full()
    setUp.fingerprints = []
    setUp.knownHosts = "known_hosts"
    try folder.write(setUp.list(), as: "routes.csv")
    for isTrial in [false, true] {
      setUp.isTrial = isTrial
      try folder.write(setUp.settings(), as: "filsluse.yaml")
      let account = try #require(try ExchangeSettings.load(folder.settingsFile).accounts.first)
      #expect(account.hostKeys == .knownHosts(folder.path.appending("known_hosts")))
      #expect(setUp.settings().contains("invented") == isTrial && setUp.list().contains("invented") == isTrial)
      #expect(setUp.settings(in: .danish).contains("opfundet") == isTrial)
      #expect(setUp.settings().contains("Nothing is sent before this file is there") != isTrial)
    }
  }

  @Test("writes a text for each recipient, in Danish, with what is known filled in and the rest marked")
  func letters() throws {
    var setUp = try Self.full()
    let known = setUp.letters
    #expect(
      known.map(\.fileName) == [
        "2-ssh-noegle-administrationsmodul.txt", "3-rute-0751.txt", "3-rute-0461.txt", "4-overvaagning-helpdesk.txt",
      ])
    #expect(known[0].text.contains("Offentlig SSH-nøgle: ssh-rsa AAAA fagsystem"))
    #expect(known[0].text.contains("Simpel filtransport"))
    #expect(
      known[1].text.hasPrefix(
        "Fra: jer eller modtageren efter aftale (SF1630:70)\nTil: helpdesk@serviceplatformen.dk\nEmne: Bestilling af SFTP-rute for 0751 Aarhus\n"
      ))
    // Pickup monitoring is the recipient's to order.
    #expect(known[3].text.hasPrefix("Fra: modtageren, hvis IN overvåges") && known[0].sender.en.hasPrefix("you"))
    #expect(known[1].text.contains("Etablering af SFTP-rute mellem dataafgiver og datamodtager"))
    #expect(known[1].text.contains(SettingsText.infRef) && known[1].text.contains(SettingsText.otherSystem))
    #expect(known[2].text.contains("Odense, CVR 35209115") && known[2].text.contains("drift@example.dk"))
    #expect(known[3].text.contains("overvågning af rettidig afhentning") && known[3].text.contains("[udfyldes: frist"))
    setUp.infRef = nil
    let request = try #require(setUp.letters.first)
    #expect(request.recipient == "kdi@kombit.dk" && request.text.contains("0751 Aarhus (CVR 55133018)"))
    #expect(request.text.contains("GDPR-erklæring") && request.text.contains("eksternt testmiljø"))
    setUp.authorities = []
    #expect(setUp.letters.map(\.fileName).contains("3-rute-kommune.txt"))
    setUp.infRef = InfRef(unchecked: "SortimentOverf\u{F8}r_1")
    #expect(try #require(setUp.letters.last).text.contains("SF7002"))
  }

  @Test(
    "reads no municipality out of a text that is none",
    arguments: ["0751", "0100=55133018", "0751=5513301X", "=", "Aarhus=1=2"])
  func noAuthority(text: String) { #expect(SetUp.Authority(text) == nil) }
}
