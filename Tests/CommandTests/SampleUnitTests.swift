import Foundation
import SystemPackage
import Testing

/// The units of Samples/systemd, which the package installs: the two services share user, settings and folder.
@Suite struct SampleUnitTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: TestFiles.repository.appending("Samples").appending(path).string, encoding: .utf8)
  }

  /// The values of a key in a unit, in order; comments are left out.
  private static func values(of key: String, in unit: String) throws -> [String] {
    try text("systemd/\(unit)").split(separator: "\n")
      .filter { $0.hasPrefix("\(key)=") }
      .map { String($0.dropFirst(key.count + 1)) }
  }

  @Test(
    "each service runs as the package's user, by the settings of filsluse run, and may write where its journal is",
    arguments: ["filsluse.service", "filsluse-watch.service", "filsluse-backup.service"])
  func sharedUser(unit: String) throws {
    #expect(try Self.values(of: "User", in: unit) == ["filsluse"])
    #expect(try Self.values(of: "Group", in: unit) == ["filsluse"])
    #expect(try Self.values(of: "DynamicUser", in: unit).isEmpty)
    #expect(try Self.values(of: "ReadWritePaths", in: unit) == ["/var/lib/filsluse"])
    for command in try Self.values(of: "ExecStart", in: unit) {
      #expect(command.contains("--config /etc/filsluse/filsluse.yaml"), "\(command)")
    }
    for role in ["roles/sender.yaml", "roles/receiver.yaml"] {
      #expect(try Self.text(role).contains("\njournal: /var/lib/filsluse/journal.sqlite\n"))
      #expect(try Self.text(role).contains("\n  database: /var/lib/filsluse/watch.sqlite\n"))
    }
  }

  @Test("Prometheus scrapes the address of each service")
  func scrapedAddresses() throws {
    let prometheus = try Self.text("monitoring/prometheus.yml")
    var addresses: Set<String> = []
    for unit in ["filsluse.service", "filsluse-watch.service"] {
      let command = try #require(try Self.values(of: "ExecStart", in: unit).first)
      let address = try #require(command.firstMatch(of: #/--http (127\.0\.0\.1:[0-9]+)/#)).output.1
      #expect(prometheus.contains("\"\(address)\""), "\(unit)")
      addresses.insert(String(address))
    }
    #expect(addresses.count == 2)
  }
}
