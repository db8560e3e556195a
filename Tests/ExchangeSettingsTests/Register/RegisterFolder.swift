import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing
import TriggerFiles

/// A folder with settings, a list of routes and a record, in which the tests read registers.
struct RegisterFolder: ~Copyable {
  static let system = "0d8a7a5c-1111-4222-8333-444455556666"
  static let receiver = "0d8a7a5c-1111-4222-8333-444455557777"
  static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"
  static let header = "name;template;account;infref;municipality;authority;recipient-it-system\n"
  static let template = "@flis;;fagsystem;\(infRef);;;\(receiver)\n"

  let path: FilePath

  init() throws {
    path = FilePath(NSTemporaryDirectory()).appending("filsluse-register-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    try write(
      """
      accounts:
        fagsystem:
          host: sftp.serviceplatformen.dk
          user: fagsystem
          key: keys/fagsystem
          host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
          it-system: \(Self.system)
          authority: "12345674"
      routes-file: routes.csv

      """, as: "filsluse.yaml")
  }

  deinit { try? FileManager.default.removeItem(atPath: path.string) }

  var settingsFile: FilePath { path.appending("filsluse.yaml") }
  var list: FilePath { path.appending("routes.csv") }

  func write(_ text: String, as name: String) throws { try write(Array(text.utf8), as: name) }

  func write(_ bytes: [UInt8], as name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path.appending(name).string))
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: path.appending(name).string), encoding: .utf8)
  }

  /// Reads a list of that text with the folder's accounts.
  func reading(_ text: String, as name: String = "routes.csv") throws -> RegisterReading {
    try reading(Array(text.utf8), as: name)
  }

  func reading(_ bytes: [UInt8], as name: String = "routes.csv") throws -> RegisterReading {
    if name != "routes.csv" { try write(Self.header, as: "routes.csv") }
    try write(bytes, as: name)
    let settings = try #require(SettingsReading(settingsFile).settings)
    return RegisterReading(path.appending(name), settings: RegisterSurroundings(settings))
  }

  /// The findings of a list, as `line:column severity code`.
  func findings(_ text: String, as name: String = "routes.csv") throws -> [String] {
    try reading(text, as: name).findings.map(Self.short)
  }

  static func short(_ finding: RegisterFinding) -> String {
    "\(finding.position.map { "\($0)" } ?? "-") \(finding.severity.rawValue) \(finding.code.rawValue)"
  }
}
