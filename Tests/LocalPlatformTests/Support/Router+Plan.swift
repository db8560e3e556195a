import Logging
import SystemPackage

@testable import LocalPlatform

extension Router {
  /// Creates a router with a plan that stays the same.
  init(_ plan: PlatformPlan, folders: PlatformFolders, settle: Duration, logger: Logger) throws(PlatformError) {
    let inUse = PlanInUse(plan, LocalPlatform.Options().habits, settle: settle)
    try self.init(inUse, folders: folders, logger: logger)
  }
}
