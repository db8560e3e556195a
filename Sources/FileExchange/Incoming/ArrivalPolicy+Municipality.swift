internal import ExchangeSettings
internal import TriggerFiles

extension ArrivalPolicy {
  /// A warning that an arrival's name says another municipality than its recipient authority is by the settings; `nil`
  /// for none. Nothing is refused for it.
  func municipalityWarning(_ metadata: FileMetadata) -> String? {
    guard let routing = metadata.fileContentDescriptor.routingInfo else { return nil }
    let name = Array(metadata.fileDescriptor.fileName.utf8)
    return routes.lazy.filter { $0.infRef == routing.infRef }.compactMap {
      $0.municipalityWarning(name: name, recipientAuthority: routing.recipientAuthority.digits)
    }.first.map { "warning: \($0)" }
  }
}
