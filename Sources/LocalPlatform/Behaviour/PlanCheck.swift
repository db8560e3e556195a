import TriggerFiles

extension PlatformPlan {
  /// - Throws: `PlatformError.unusablePlan` for the first thing that does not fit together.
  func check() throws(PlatformError) {
    for (index, system) in systems.enumerated() {
      for other in systems[..<index] where other.name == system.name || other.itSystem == system.itSystem {
        throw Self.unusable(
          LocalizedText(
            "\(other.name) and \(system.name) share a name or an IT-system's UUID",
            "\(other.name) og \(system.name) har samme navn eller samme UUID for it-systemet"))
      }
    }
    for (index, route) in routes.enumerated() {
      for name in [route.sender, route.recipient] where system(named: name) == nil {
        throw Self.unusable(
          LocalizedText(
            "route \(route.name) names a system that the plan lacks: \(name)",
            "ruten \(route.name) nævner et system, som planen ikke har: \(name)"))
      }
      for other in routes[..<index] where other.name == route.name && other.sender == route.sender {
        throw Self.unusable(
          LocalizedText(
            "\(route.sender) has two routes called \(route.name)",
            "\(route.sender) har to ruter med navnet \(route.name)"))
      }
    }
  }

  private static func unusable(_ message: LocalizedText) -> PlatformError {
    PlatformError(.unusablePlan, message, remedy: LocalizedText("mend the plan", "ret planen"))
  }
}
