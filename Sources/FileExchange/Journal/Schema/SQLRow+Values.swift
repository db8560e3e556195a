internal import FilsluseStore
internal import TriggerFiles

extension SQLRow {
  /// The InfRef in a column, as the document had it; `nil` where it is NULL.
  func optionalInfRef(_ column: Int) throws(StoreError) -> InfRef? {
    try optionalText(column).map(InfRef.init(unchecked:))
  }
}
