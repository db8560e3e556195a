import FilsluseBase
public import Logging
public import SystemPackage

/// Runs a platform for as long as `body` takes, and leaves no process running.
///
/// The folder is made where it is missing; an existing one is used again, with its keys, its port if that is free, and
/// its router's open transfers. For each system of the plan a `filsluse.yaml` is written that is ready to use. If the
/// platform fails while `body` runs, `body` is cancelled.
///
/// - Parameters:
///   - directory: the platform's folder. At most one process at a time can run a platform in it.
///   - plan: the connected systems and ordered routes.
///   - options: differences from the default platform.
///   - logger: receives each distribution and each problem.
///   - body: gets the running platform.
/// - Throws: `PlatformError` when the platform cannot start or go on, and any error that `body` throws.
public func withLocalPlatform<Result: Sendable>(
  at directory: FilePath, plan: PlatformPlan, options: LocalPlatform.Options = LocalPlatform.Options(), logger: Logger,
  _ body: @escaping @Sendable (LocalPlatform) async throws -> Result
) async throws -> Result {
  let platform = try await LocalPlatform.start(at: directory, plan: plan, options: options, logger: logger)
  do {
    try await BlockingThreads.shared.run { () throws(PlatformError) in try platform.writeSettings() }
    let result = try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask {
        try await platform.route()
        return nil
      }
      group.addTask { try await body(platform) }
      defer { group.cancelAll() }
      // The platform's own task ends first only by an error, or when everything is cancelled.
      while let ended = try await group.next() {
        if let ended { return ended }
      }
      throw CancellationError()
    }
    try await platform.stop()
    return result
  } catch {
    try await platform.stop()
    throw error
  }
}

extension LocalPlatform {
  /// Runs a platform in the foreground until the task is cancelled, which is an orderly end.
  ///
  /// - Parameter ready: is called once, when the platform takes connections.
  /// - Throws: `PlatformError` when the platform cannot start or go on, and what `ready` throws.
  public static func run(
    at directory: FilePath, plan: PlatformPlan, options: Options = Options(), logger: Logger,
    ready: @escaping @Sendable (LocalPlatform) async throws -> Void
  ) async throws {
    try await withLocalPlatform(at: directory, plan: plan, options: options, logger: logger) { platform in
      try await ready(platform)
      // Sleeping without end: only cancellation wakes it.
      while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }
  }
}
