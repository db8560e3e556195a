public import TriggerFiles

/// The platform that an account or a route belongs to (contract section 1): each has its own host, instances, UUIDs
/// and keys.
public enum ExchangeEnvironment: String, Sendable, Hashable, Codable, CaseIterable {
  /// The platform for tests with other parties.
  case externalTest = "external-test"
  /// The platform for files of citizens and authorities.
  case production

  /// The host of its SFTP server.
  public var host: String {
    switch self {
    case .externalTest: "sftpexttest.serviceplatformen.dk"
    case .production: "sftp.serviceplatformen.dk"
    }
  }

  /// The environment of a known host, also where its name ends in the dot of the root domain; `nil` for any other.
  public init?(host: String) {
    let name = (host.hasSuffix(".") ? String(host.dropLast()) : host).lowercased()
    guard let environment = Self.allCases.first(where: { $0.host == name }) else { return nil }
    self = environment
  }

  /// The environment as a report in a language names it.
  public func title(in language: ReportLanguage = .english) -> String {
    switch (self, language) {
    case (.externalTest, .english): "external test"
    case (.externalTest, .danish): "ekstern test"
    case (.production, .english): "production"
    case (.production, .danish): "produktion"
    }
  }
}
