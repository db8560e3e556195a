/// The mode in which a remote file is opened; modes can be combined.
public struct OpenMode: OptionSet, Sendable, Hashable {
  /// The flags as they go over the wire.
  public let rawValue: UInt32

  /// A mode of raw flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// For reading.
  public static let read = OpenMode(rawValue: 0x01)
  /// For writing.
  public static let write = OpenMode(rawValue: 0x02)
  /// The file is made where it is missing.
  public static let create = OpenMode(rawValue: 0x08)
  /// Drops the file's content.
  public static let truncate = OpenMode(rawValue: 0x10)
  /// With `create`: fails where the file exists.
  public static let exclusive = OpenMode(rawValue: 0x20)

  /// Writes a whole file, whether or not there is one of that name.
  public static let replace: OpenMode = [.write, .create, .truncate]
  /// Writes a whole file and fails where there is one of that name.
  public static let createNew: OpenMode = [.write, .create, .exclusive]
  /// Writes into a file that may have a beginning already, which stays.
  public static let resume: OpenMode = [.write, .create]
}
