/// What is appended to a data file's name to name the small files beside it (contract section 1).
public struct WireSuffixes: Sendable, Hashable, Codable {
  /// For a trigger.
  public let trigger: String
  /// For metadata.
  public let metadata: String
  /// For a technical receipt.
  public let receipt: String

  /// What the live service has been seen to use.
  public static let `default` = WireSuffixes()

  /// Takes suffixes as they stand, dots included.
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
    for suffix in all.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      let bytes = Array(suffix.utf8)
      guard !bytes.isEmpty, name.count > bytes.count, name.suffix(bytes.count).elementsEqual(bytes) else { continue }
      return (Array(name.dropLast(bytes.count)), suffix)
    }
    return nil
  }
}
