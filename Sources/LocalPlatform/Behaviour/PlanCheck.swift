extension PlatformPlan {
  /// - Throws: `PlatformError.unusablePlan` for the first thing that does not fit together.
  func check() throws(PlatformError) {
    for (index, system) in systems.enumerated() {
      for other in systems[..<index] where other.name == system.name || other.itSystem == system.itSystem {
        throw Self.unusable("\(other.name) and \(system.name) share a name or an IT-system's UUID")
      }
    }
    for (index, route) in routes.enumerated() {
      for name in [route.sender, route.recipient] where system(named: name) == nil {
        throw Self.unusable("route \(route.name) names a system that the plan lacks: \(name)")
      }
      for other in routes[..<index] where other.name == route.name && other.sender == route.sender {
        throw Self.unusable("\(route.sender) has two routes called \(route.name)")
      }
    }
  }

  private static func unusable(_ what: String) -> PlatformError {
    PlatformError(.unusablePlan, what, remedy: "mend the plan")
  }
}
