internal import FilsluseBase

/// A path on the server: bytes, because SFTP version 3 says nothing about their encoding.
public struct RemotePath: Sendable, Hashable, ExpressibleByStringLiteral {
  /// The path's bytes as they go over the wire.
  public let bytes: [UInt8]

  /// A path of bytes.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// A path in UTF-8.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// A path in UTF-8.
  public init(stringLiteral value: String) { self.init(value) }

  /// The path of a name in this folder.
  public func appending(_ name: [UInt8]) -> RemotePath {
    let slash = UInt8(ascii: "/")
    if bytes.isEmpty || bytes.last == slash { return RemotePath(bytes: bytes + name) }
    return RemotePath(bytes: bytes + [slash] + name)
  }

  /// The path of a name in this folder, the name in UTF-8.
  public func appending(_ name: String) -> RemotePath { appending(Array(name.utf8)) }

  /// The bytes behind the last slash.
  public var lastComponent: [UInt8] {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes }
    return Array(bytes[(slash + 1)...])
  }

  /// The folder that the last component is in; `.` where there is no slash.
  var parent: RemotePath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return RemotePath(bytes: slash == 0 ? [bytes[slash]] : Array(bytes[..<slash]))
  }

  /// The path as text; bytes that are not UTF-8 become replacement characters.
  public var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension RemotePath: CustomStringConvertible {
  /// The path for a log: CPR-like numbers masked, bytes that are not printable UTF-8 as `\xNN`.
  public var description: String { Masked.name(PrintableName.text(bytes)) }
}
