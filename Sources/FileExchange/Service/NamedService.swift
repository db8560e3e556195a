package import ServiceLifecycle

extension ServiceGroupConfiguration.ServiceConfiguration {
  /// A service with a name for the log; when it ends, the others are shut down.
  package static func named(
    _ name: String, onFailure: TerminationBehavior,
    _ body: @escaping @Sendable () async throws -> Void
  ) -> Self {
    Self(
      service: ClosureService(body), successTerminationBehavior: .gracefullyShutdownGroup,
      failureTerminationBehavior: onFailure, serviceName: name)
  }
}
