/// The attributes of a file; every one of them is optional in SFTP.
public struct FileAttributes: Sendable, Hashable {
  /// The size in bytes.
  public var size: UInt64?

  /// The owner's number on the server.
  public var userID: UInt32?

  /// The group's number on the server.
  public var groupID: UInt32?

  /// Type and permission bits as in `st_mode`.
  public var permissions: UInt32?

  /// The time of the last read, in seconds since 1970 by the server's clock.
  public var accessed: UInt32?

  /// The time of the last change, in seconds since 1970 by the server's clock.
  public var modified: UInt32?

  /// Creates attributes; those left out are unknown.
  public init(
    size: UInt64? = nil, userID: UInt32? = nil, groupID: UInt32? = nil, permissions: UInt32? = nil,
    accessed: UInt32? = nil, modified: UInt32? = nil
  ) {
    self.size = size
    self.userID = userID
    self.groupID = groupID
    self.permissions = permissions
    self.accessed = accessed
    self.modified = modified
  }

  /// True if the type is given: a file, a directory, a link.
  public var hasType: Bool { type.map { $0 != 0 } ?? false }

  /// True if the type bits say a regular file.
  public var isRegularFile: Bool { type == 0o100000 }

  /// True if the type bits say a directory.
  public var isDirectory: Bool { type == 0o040000 }

  /// True if the type bits say a symbolic link.
  public var isSymbolicLink: Bool { type == 0o120000 }

  private var type: UInt32? { permissions.map { $0 & 0o170000 } }
}

extension FileAttributes {
  private static let typeMask: UInt32 = 0o170000

  /// Adds type and permissions from a listing's line of a file, if the attributes lack the type: `drwxr-xr-x 2 flis
  /// flis 4096 Nov 29 02:10 arkiv`. A server may send any line, so only that form counts.
  func completed(by line: [UInt8]) -> FileAttributes {
    guard (permissions ?? 0) & Self.typeMask == 0, let mode = Self.mode(of: line) else { return self }
    var attributes = self
    attributes.permissions = mode & Self.typeMask | (permissions ?? mode)
    return attributes
  }

  /// The mode at the head of such a line.
  private static func mode(of line: [UInt8]) -> UInt32? {
    let types: [UInt8: UInt32] = [
      UInt8(ascii: "d"): 0o040000, UInt8(ascii: "-"): 0o100000, UInt8(ascii: "l"): 0o120000,
      UInt8(ascii: "b"): 0o060000, UInt8(ascii: "c"): 0o020000, UInt8(ascii: "p"): 0o010000,
      UInt8(ascii: "s"): 0o140000,
    ]
    guard line.count > 10, let type = line.first.flatMap({ types[$0] }) else { return nil }
    var mode = type
    for (place, letter) in line[1...9].enumerated() {
      let wanted = Array("rwx".utf8)[place % 3]
      let isSpecial = place % 3 == 2 && "sStT".utf8.contains(letter)
      guard letter == wanted || letter == UInt8(ascii: "-") || isSpecial else { return nil }
      if letter == wanted || letter == UInt8(ascii: "s") || letter == UInt8(ascii: "t") {
        mode |= 1 << (8 - UInt32(place))
      }
    }
    // OpenSSH's lines go on with “+” or “.” where there are further rights.
    guard [UInt8(ascii: " "), UInt8(ascii: "+"), UInt8(ascii: ".")].contains(line[10]) else { return nil }
    return mode
  }

  private static let sizeFlag: UInt32 = 0x1
  private static let ownerFlag: UInt32 = 0x2
  private static let permissionsFlag: UInt32 = 0x4
  private static let timesFlag: UInt32 = 0x8
  private static let extendedFlag: UInt32 = 0x8000_0000

  /// Reads ATTRS, skipping extended attributes.
  init(from reader: inout PacketReader) throws(MalformedPacket) {
    let flags = try reader.uint32()
    if flags & Self.sizeFlag != 0 { size = try reader.uint64() }
    if flags & Self.ownerFlag != 0 {
      userID = try reader.uint32()
      groupID = try reader.uint32()
    }
    if flags & Self.permissionsFlag != 0 { permissions = try reader.uint32() }
    if flags & Self.timesFlag != 0 {
      accessed = try reader.uint32()
      modified = try reader.uint32()
    }
    guard flags & Self.extendedFlag != 0 else { return }
    for _ in 0..<(try reader.count(ofItemsOf: 8)) {
      try reader.skipString()
      try reader.skipString()
    }
  }

  /// Writes ATTRS. Owner and times only go in pairs.
  func write(to writer: inout PacketWriter) {
    var flags: UInt32 = 0
    if size != nil { flags |= Self.sizeFlag }
    if userID != nil, groupID != nil { flags |= Self.ownerFlag }
    if permissions != nil { flags |= Self.permissionsFlag }
    if accessed != nil, modified != nil { flags |= Self.timesFlag }
    writer.uint32(flags)
    if let size { writer.uint64(size) }
    if let userID, let groupID {
      writer.uint32(userID)
      writer.uint32(groupID)
    }
    if let permissions { writer.uint32(permissions) }
    if let accessed, let modified {
      writer.uint32(accessed)
      writer.uint32(modified)
    }
  }
}
