import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import LocalPlatform

@Suite struct ServerPartsTests {
  @Test("names the package of a missing program")
  func whatIsMissingIsReportedWithItsPackage() throws {
    let noProgram = #expect(throws: PlatformError.self) { try ServerPrograms.find(in: ["/nowhere"]) }
    #expect(noProgram?.code == .missingProgram)
    #expect(noProgram?.description.contains("apt-get install openssh-server") == true)
    #expect(noProgram?.inBothLanguages.da.contains("er ikke installeret") == true)
    let noLibrary = #expect(throws: PlatformError.self) { try ServerPrograms.find(libraries: ["/nowhere"]) }
    #expect(noLibrary?.description.contains("apt-get install libnss-wrapper") == true)
  }

  @Test("a restart turns no client away")
  func aRestartTurnsNobodyAway() async throws {
    try await withScratchFolder { scratch in
      var users = try ServerUsers(folder: scratch)
      try users.add("fagsystem", home: scratch.appending("æ ø"), keys: [])
      try users.add("flis", home: scratch.appending("flis"), keys: [])
      let passwd = try WholeFile.readText(users.passwdFile)
      _ = try ServerUsers(folder: scratch)
      #expect(try WholeFile.readText(users.passwdFile) == passwd)
      #expect(passwd?.split(separator: "\n").count == 3)
    }
  }

  @Test("new servers are configured without penalties for clients")
  func newServersAreConfiguredNotToPunish() async throws {
    try await withScratchFolder { scratch in
      let users = try ServerUsers(folder: scratch)
      func text(_ version: (Int, Int)) -> String {
        ServerConfiguration(
          port: 1, hostKeys: [], users: users, pidFile: "/pid", version: version, extraLines: ["Ciphers aes256-ctr"]
        ).text
      }
      #expect(!text((9, 2)).contains("PerSourcePenalties"))
      #expect(text((9, 8)).contains("PerSourcePenalties no\n"))
      #expect(text((10, 0)).contains("PerSourcePenalties no\n"))
      #expect(text((9, 2)).hasPrefix("Ciphers aes256-ctr\n"))
    }
  }
}
