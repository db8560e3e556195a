public import FilsluseBase
import FoundationEssentials
import Glibc
import Logging
public import SystemPackage
public import TriggerFiles

/// A stand-in for Serviceplatformen on one machine: a real SFTP server with a user per system, and a router that
/// routes what they deliver.
///
/// It is for trials and tests and stands on loopback. What it knows of the live platform is in the contract; what the
/// contract leaves open is decided here in a documented way of its own: the codes of ``RefusalCode``, and that a file
/// or receipt whose name is taken in an IN waits for its turn.
public final class LocalPlatform: Sendable {
  /// The folder that holds everything the platform has.
  public let directory: FilePath

  /// The reason why the systems see the machine's root and not one of their own; `nil` where they have their own, or
  /// where none was asked for.
  public let noOwnRootsBecause: LocalizedText?

  let folders: PlatformFolders
  let logger: Logger
  let users: Locked<[String: SSHUser]>
  private let server: SSHServer
  private let options: Options
  private let inUse: PlanInUse
  private let lock: FolderLock

  private init(
    folders: PlatformFolders, plan: PlatformPlan, options: Options, server: SSHServer, users: [String: SSHUser],
    lock: FolderLock, noOwnRootsBecause: LocalizedText?, logger: Logger
  ) {
    directory = folders.root
    inUse = PlanInUse(plan, options.habits, settle: options.settle, isFollowed: options.followsPlan)
    self.folders = folders
    self.options = options
    self.server = server
    self.users = Locked(users)
    self.lock = lock
    self.noOwnRootsBecause = noOwnRootsBecause
    self.logger = logger
  }

  /// Starts the server with its users. Nothing is routed until ``route()`` runs.
  static func start(
    at directory: FilePath, plan: PlatformPlan, options: Options, logger: Logger
  ) async throws(PlatformError) -> LocalPlatform {
    try plan.check()
    // The SSH server works in folders of its own, where a relative path would mean another place.
    let folders = PlatformFolders(
      root: FilePath(FileManager.default.currentDirectoryPath).pushing(directory).lexicallyNormalized())
    let (lock, lastPort, obstacle) = try await BlockingThreads.shared.run {
      () throws(PlatformError) -> (FolderLock, UInt16?, LocalizedText?) in
      let lock = try folders.lock()
      try folders.make(for: plan.systems.map(\.name))
      return (lock, try folders.lastPort(), options.ownRoots ? OwnRoots.obstacle(in: folders.systems) : nil)
    }
    var serverOptions = SSHServer.Options(port: options.port ?? lastPort, extraLines: options.serverLines)
    serverOptions.ownRoots = options.ownRoots && obstacle == nil
    let server = try await SSHServer.start(in: folders.server, serverOptions)
    do throws(PlatformError) {
      let users = try await addUsers(of: plan, to: server, in: folders)
      try await server.removeUsers(except: Set(users.keys))
      // After a failed start the platform has its former port again.
      try await BlockingThreads.shared.run { () throws(PlatformError) in try folders.remember(port: server.port) }
      return LocalPlatform(
        folders: folders, plan: plan, options: options, server: server, users: users, lock: lock,
        noOwnRootsBecause: obstacle, logger: logger)
    } catch {
      try await server.stop()
      throw error
    }
  }

  /// Adds a user for each system; one that is there gets its present keys.
  private static func addUsers(
    of plan: PlatformPlan, to server: SSHServer, in folders: PlatformFolders
  ) async throws(PlatformError) -> [String: SSHUser] {
    var users: [String: SSHUser] = [:]
    for system in plan.systems {
      users[system.name] = try await server.addUser(
        system.name, folder: folders.home(of: system.name), keyFile: system.keyFile, furtherKeys: system.furtherKeys)
    }
    return users
  }

  /// The connected systems and ordered routes, as they are now.
  public var plan: PlatformPlan { inUse.snapshot.plan }
  /// The address to connect to: always loopback.
  public var host: String { server.host }
  /// The port to connect to.
  public var port: UInt16 { server.port }
  /// The host key's fingerprint.
  public var hostKeyFingerprint: KeyFingerprint { server.fingerprint }
  /// The host key as a line for a known_hosts file.
  public var knownHostsLine: String { server.knownHostsLines.joined(separator: "\n") }
  /// The numbers of the server's processes; none is left when the platform has ended.
  public var processes: Set<Int32> { server.processes }

  /// A system's login, with its key file; `nil` for a system the plan lacks.
  public func user(of system: String) -> SSHUser? { users.withLock { $0[system] } }
  /// Returns the folder that a system sees when it logs on.
  public func folder(of system: String) -> FilePath { folders.home(of: system) }
  /// Returns the folder in which files for a system appear.
  public func inFolder(of system: String) -> FilePath { folders.inbox(of: system) }
  /// Returns the folder to which a system uploads.
  public func outFolder(of system: String) -> FilePath { folders.outbox(of: system) }

  /// Ends the server and its sessions, and leaves the folder to others.
  ///
  /// - Throws: `PlatformError.serverEnded` when a process is left after 30 seconds.
  func stop() async throws(PlatformError) {
    defer { lock.release() }
    try await server.stop()
  }

  /// Routes what is delivered, until the task is cancelled.
  ///
  /// - Throws: `PlatformError`: `.serverEnded` when sshd died, `.fileTrouble` when the router's journal cannot be
  ///   written.
  func route() async throws {
    let thread = try RouterThread()
    try await withThrowingTaskGroup(of: Void.self) { [inUse, folders, options, server, logger] group in
      group.addTask {
        try await thread.run(pause: options.pause) { () throws(PlatformError) in
          try Router(inUse, folders: folders, logger: logger)
        }
      }
      group.addTask { try await Self.watch(server) }
      try await group.next()
      group.cancelAll()
    }
  }

  private static func watch(_ server: SSHServer) async throws(PlatformError) {
    while server.isRunning {
      do {
        try await Task.sleep(for: .milliseconds(500))
      } catch {
        return
      }
    }
    throw PlatformError(
      .serverEnded, LocalizedText("sshd has ended by itself", "sshd er stoppet af sig selv"),
      remedy: LocalizedText("its log says why", "dens log siger hvorfor"), path: server.log)
  }
}

extension LocalPlatform {
  /// Goes on by another plan, without an end of any connection: sshd looks up its users and their keys at each login.
  /// A system that the plan lacks cannot log on any more; its files stay.
  ///
  /// - Returns: false where the SSH server has to start again, as for another port; nothing is changed then.
  /// - Throws: `PlatformError` for a plan that cannot be used; the platform goes on by the former one then.
  package func goOn(by plan: PlatformPlan, _ next: Options) async throws(PlatformError) -> Bool {
    let keepsPort = next.port == nil || next.port == port || next.port == options.port
    guard keepsPort, next.ownRoots == options.ownRoots, next.serverLines == options.serverLines else { return false }
    try plan.check()
    try await BlockingThreads.shared.run { [folders] () throws(PlatformError) in
      try folders.make(for: plan.systems.map(\.name))
    }
    do throws(PlatformError) {
      let added = try await Self.addUsers(of: plan, to: server, in: folders)
      try await BlockingThreads.shared.run { () throws(PlatformError) in try self.writeSettings(plan, added) }
      try await server.removeUsers(except: Set(added.keys))
      users.withLock { $0 = added }
    } catch {
      // Some systems may have their new keys by now, and new systems may log on.
      _ = try? await Self.addUsers(of: self.plan, to: server, in: folders)
      try? await server.removeUsers(except: Set(users.withLock { $0.keys }))
      throw error
    }
    inUse.replace(plan, next.habits, settle: next.settle)
    return true
  }

  /// Records that the plan was compared with its files, and is up to date by them: see `Options.followsPlan`.
  package func noteComparison(startedAt start: ContinuousClock.Instant) { inUse.noteComparison(startedAt: start) }
}

/// The conditions under which sshd can make a user's folder the root of their sessions (`ChrootDirectory`).
enum OwnRoots {
  /// Returns the reason why it cannot for folders in `folder`; `nil` where it can.
  static func obstacle(in folder: FilePath) -> LocalizedText? {
    guard geteuid() == 0 else {
      return LocalizedText(
        "only root can give each user a root of their own", "kun root kan give hver bruger sin egen rod")
    }
    var path = folder
    while true {
      var status = stat()
      guard stat(path.string, &status) == 0 else {
        return LocalizedText("\(path) cannot be looked at", "\(path) kan ikke undersøges")
      }
      guard status.st_uid == 0, status.st_mode & 0o022 == 0 else {
        return LocalizedText(
          "\(path) may be changed by others than root, and sshd then gives nobody a root of their own below it",
          "\(path) kan ændres af andre end root, og så giver sshd ingen deres egen rod under den")
      }
      guard path.removeLastComponent() else { return nil }
    }
  }
}
