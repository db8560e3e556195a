public import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Logging
public import SystemPackage
import TriggerFiles

extension LocalPlatform {
  /// The settings that a system exchanges files with: its login, its routes, what it expects and what it watches.
  ///
  /// - Throws: `PlatformError.unusablePlan` for a system that the plan lacks.
  public func settings(for system: String) throws(PlatformError) -> ExchangeSettings {
    // In this order: the users of a plan are set before the plan.
    let plan = plan
    return try settings(for: system, plan, users.withLock { $0 })
  }

  private func settings(
    for system: String, _ plan: PlatformPlan, _ users: [String: SSHUser]
  ) throws(PlatformError) -> ExchangeSettings {
    guard let connected = plan.system(named: system), let user = users[system] else {
      throw PlatformError(
        .unusablePlan,
        LocalizedText("\(system) is no system of this platform", "\(system) er ikke et system på denne platform"),
        remedy: LocalizedText("its systems are ", "dens systemer er ")
          + LocalizedText(plan.systems.map(\.name).joined(separator: ", ")))
    }
    let account = Account(
      name: system, host: host, port: port, user: user.name, key: user.keyFile,
      hostKeys: .pinned([hostKeyFingerprint]),
      itSystem: connected.itSystem, authority: connected.authority)
    return plan.settings(for: connected, account: account, source: settingsFile(of: system))
  }

  /// Returns the path of a system's `filsluse.yaml`.
  public func settingsFile(of system: String) -> FilePath { folders.settingsFile(of: system) }

  /// The file with the host key, in a platform's folder: written when a platform starts there.
  package static func knownHosts(in directory: FilePath) -> FilePath { PlatformFolders(root: directory).knownHosts }

  /// The path of a system's `filsluse.yaml`, in a platform's folder.
  package static func settingsFile(of system: String, in directory: FilePath) -> FilePath {
    PlatformFolders(root: directory).settingsFile(of: system)
  }

  /// The folder of the platform that wrote a file of settings for an account; `nil` if no platform did, or if the
  /// account connects to another server.
  package static func folder(ofSettings file: FilePath, for account: Account) -> FilePath? {
    let file = FilePath(FileManager.default.currentDirectoryPath).pushing(file).lexicallyNormalized()
    let folders = PlatformFolders(
      root: file.removingLastComponent().removingLastComponent().removingLastComponent())
    guard account.environment == nil, account.host == Loopback.host, file == folders.settingsFile(of: account.name),
      (try? folders.lastPort()) == account.port,
      (try? WholeFile.read(folders.settingsDigest(of: account.name))) != nil
    else { return nil }
    return folders.root
  }

  /// Records the file that the plan is read from, so that other commands can name the command that starts the platform.
  ///
  /// - Parameter planFile: the file; `nil` for the demo's plan.
  package func remember(planFile: FilePath?) throws(PlatformError) {
    try WholeFile.write(planFile?.string ?? "", to: folders.planFile)
  }

  /// The file that the plan of the platform in a folder was read from; `nil` for the demo's plan.
  package static func planFile(in directory: FilePath) -> FilePath? {
    guard let text = try? WholeFile.readText(PlatformFolders(root: directory).planFile), !text.isEmpty else {
      return nil
    }
    return FilePath(text)
  }

  /// Writes the host key as `known_hosts`, and every system's `filsluse.yaml`. One that a user has changed is left as
  /// it is.
  func writeSettings() throws(PlatformError) { try writeSettings(plan, users.withLock { $0 }) }

  /// Writes them for a plan that is about to be used.
  func writeSettings(_ plan: PlatformPlan, _ users: [String: SSHUser]) throws(PlatformError) {
    try WholeFile.write(knownHostsLine + "\n", to: folders.knownHosts)
    for system in plan.systems.map(\.name) {
      let file = settingsFile(of: system)
      let written = folders.settingsDigest(of: system)
      let text = Self.heading + (try settings(for: system, plan, users)).yaml()
      let earlier = try WholeFile.readText(written) ?? ""
      if let old = try WholeFile.read(file), !earlier.contains(SHA256.digest(of: old).hex) {
        logger.notice("settings changed by hand are left as they are", metadata: ["file": "\(file)"])
        continue
      }
      // The former digest stays good until the file is replaced, in case we are stopped in between.
      let digest = SHA256.digest(of: Array(text.utf8)).hex
      try WholeFile.write("\(digest)\n\(earlier.prefix(64))", to: written)
      try WholeFile.write(text, to: file)
    }
  }

  private static let heading = """
    # Written by the local platform for trials. CVR numbers 9900xxxx are a test series and belong to nobody.
    # Change what you like: a changed file is not written again.

    """
}

extension PlatformFolders {
  private var portFile: FilePath { root.appending("port") }

  /// The port the platform had the last time.
  func lastPort() throws(PlatformError) -> UInt16? {
    try WholeFile.readText(portFile).flatMap { UInt16($0) }
  }

  func remember(port: UInt16) throws(PlatformError) { try WholeFile.write("\(port)", to: portFile) }
}
