internal import FileExchange
internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

/// The files of one InfRef in IN.
struct WaitingFilesByInfRef: Sendable {
  /// The InfRef; `nil` for files without one, for files with unread metadata, and for InfRefs beyond the limit that no
  /// rule names.
  let infRef: InfRef?
  var files: Int
  var bytes: UInt64
  /// The number of the file seen first.
  var oldest: Int64
  var oldestSeen: Int64

  /// The value for files without an InfRef.
  fileprivate var unnamed: Self {
    Self(infRef: nil, files: files, bytes: bytes, oldest: oldest, oldestSeen: oldestSeen)
  }

  fileprivate mutating func add(_ other: Self) {
    files += other.files
    bytes = bytes.addingReportingOverflow(other.bytes).overflow ? .max : bytes + other.bytes
    if other.oldestSeen < oldestSeen { (oldest, oldestSeen) = (other.oldest, other.oldestSeen) }
  }
}

extension WatchDatabase {
  /// The limit of distinguished InfRefs that no rule names: the metadata can name as many as there are files.
  private static let mostUnnamed = 20

  /// Returns the files in an account's IN, by InfRef.
  ///
  /// - Parameter named: the InfRefs that rules name.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  func waiting(in account: String, named: Set<InfRef> = []) async throws(ExchangeError) -> [WaitingFilesByInfRef] {
    try await read("read what was seen") { database in
      // SQLite takes a column without an aggregate from the row that has the least or greatest value.
      let statement = """
        SELECT infref, count(*), coalesce(sum(cast(coalesce(data_size, described_size, 0) AS REAL)), 0), id,
          min(first_seen)
        FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS NULL AND place = 0
        GROUP BY infref ORDER BY infref
        """
      var groups: [WaitingFilesByInfRef] = []
      var unnamed = 0
      // The first group is that without an InfRef, where there is one.
      let rows = try database.rows(statement, [account])
      while let row = try rows.next() {
        let group = WaitingFilesByInfRef(
          infRef: try row.optionalText(0).map(InfRef.init(unchecked:)), files: Int(try row.int(1)),
          bytes: UInt64(exactly: try row.real(2).rounded()) ?? .max, oldest: try row.int(3),
          oldestSeen: try row.int(4))
        let isUnnamed = group.infRef.map { !named.contains($0) } ?? false
        if isUnnamed { unnamed += 1 }
        if isUnnamed, unnamed > Self.mostUnnamed {
          if groups.first?.infRef != nil { groups.insert(group.unnamed, at: 0) } else { groups[0].add(group) }
        } else {
          groups.append(group)
        }
      }
      return groups
    }
  }
}
