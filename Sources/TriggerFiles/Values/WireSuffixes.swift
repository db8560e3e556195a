/// The suffixes of a data file's name for the documents beside it (contract section 1).
public struct WireSuffixes: Sendable, Hashable, Codable {
  /// For a trigger.
  public var trigger: String
  /// For metadata.
  public var metadata: String
  /// For a technical receipt.
  public var receipt: String

  /// The suffixes seen on the live service.
  public static let `default` = WireSuffixes()

  /// Creates suffixes, dots included.
  public init(trigger: String = ".trigger", metadata: String = ".metadata", receipt: String = ".sftpreceipt") {
    self.trigger = trigger
    self.metadata = metadata
    self.receipt = receipt
  }

  /// All three.
  public var all: [String] { [trigger, metadata, receipt] }

  /// The length of the longest, in bytes.
  public var longest: Int { all.map(\.utf8.count).max() ?? 0 }

  /// The data file's name that belongs to a small file's name, and which suffix it had; `nil` for any other name.
  public func split(_ name: [UInt8]) -> (data: [UInt8], suffix: String)? {
    // Called for each of a hundred thousand names in a folder, so nothing is sorted or copied before a suffix matches.
    var found: String?
    func take(_ suffix: String) {
      let length = suffix.utf8.count
      guard length > found?.utf8.count ?? 0, name.count > length else { return }
      if name[(name.count - length)...].elementsEqual(suffix.utf8) { found = suffix }
    }
    take(trigger)
    take(metadata)
    take(receipt)
    return found.map { (Array(name.dropLast($0.utf8.count)), $0) }
  }
}
