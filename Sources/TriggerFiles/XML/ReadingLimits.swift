internal import CXMLTree

/// The limits of a reader for its input.
public struct ReadingLimits: Sendable, Hashable {
  /// The largest input, in bytes.
  public var maximumBytes: Int
  /// The maximum depth of elements, the root counted.
  public var maximumDepth: Int

  /// 1 MiB and 64 deep, unless set otherwise.
  public init(maximumBytes: Int = 1 << 20, maximumDepth: Int = 64) {
    self.maximumBytes = maximumBytes
    self.maximumDepth = maximumDepth
  }

  /// Fixed limits for work and memory; documents of the contract are far below them.
  static let maximumElements = 20_000
  static let maximumAttributes = 256
  static let maximumNameBytes = 1_024

  var forC: filsluse_xml_limits {
    filsluse_xml_limits(
      maximum_depth: max(1, maximumDepth), maximum_elements: Self.maximumElements,
      maximum_attributes: Self.maximumAttributes,
      maximum_name: Self.maximumNameBytes)
  }
}

/// One-time set-up of the XML parser for the whole process.
public enum XMLReading {
  /// Sets the parser up. Reading does it by itself; a program calls this first thing in `main`, so that it happens
  /// before there are other threads. Any thread may call it, any number of times.
  public static func setUp() { filsluse_xml_set_up() }
}
