/// A request of a client in SFTP version 3, with the extensions used here.
enum Request {
  case open([UInt8], OpenMode, FileAttributes)
  case close(handle: [UInt8])
  case read(handle: [UInt8], offset: UInt64, count: UInt32)
  case write(handle: [UInt8], offset: UInt64, ArraySlice<UInt8>)
  /// LSTAT: of a symbolic link, the link itself.
  case linkAttributes([UInt8])
  /// STAT, which follows a symbolic link to its target.
  case attributes([UInt8])
  case handleAttributes([UInt8])
  case openFolder([UInt8])
  case readFolder(handle: [UInt8])
  case remove([UInt8])
  case makeFolder([UInt8], FileAttributes)
  case removeFolder([UInt8])
  case realPath([UInt8])
  case rename([UInt8], to: [UInt8])
  case posixRename([UInt8], to: [UInt8])
  case sync(handle: [UInt8])
  /// The room of the file system that a path is on.
  case fileSystem([UInt8])

  /// True if a good answer carries a handle, which must be closed even if the request was cancelled.
  var opensHandle: Bool {
    switch self {
    case .open, .openFolder: true
    default: false
    }
  }

  /// Writes the request's packet.
  func write(id: UInt32, to writer: inout PacketWriter) {
    writer.packet { packet in
      packet.uint8(type)
      packet.uint32(id)
      writeFields(to: &packet)
    }
  }

  private var type: UInt8 {
    switch self {
    case .open: 3
    case .close: 4
    case .read: 5
    case .write: 6
    case .linkAttributes: 7
    case .handleAttributes: 8
    case .openFolder: 11
    case .readFolder: 12
    case .remove: 13
    case .makeFolder: 14
    case .removeFolder: 15
    case .realPath: 16
    case .attributes: 17
    case .rename: 18
    case .posixRename, .sync, .fileSystem: 200
    }
  }

  private func writeFields(to packet: inout PacketWriter) {
    switch self {
    case .open(let path, let mode, let attributes):
      packet.string(path)
      packet.uint32(mode.rawValue)
      attributes.write(to: &packet)
    case .read(let handle, let offset, let count):
      packet.string(handle)
      packet.uint64(offset)
      packet.uint32(count)
    case .write(let handle, let offset, let bytes):
      packet.string(handle)
      packet.uint64(offset)
      packet.string(bytes)
    case .makeFolder(let path, let attributes):
      packet.string(path)
      attributes.write(to: &packet)
    case .rename(let old, let new):
      packet.string(old)
      packet.string(new)
    case .posixRename(let old, let new):
      packet.string(ServerExtension.posixRename.name)
      packet.string(old)
      packet.string(new)
    case .sync(let handle):
      packet.string(ServerExtension.sync.name)
      packet.string(handle)
    case .fileSystem(let path):
      packet.string(ServerExtension.fileSystem.name)
      packet.string(path)
    case .close(let bytes), .linkAttributes(let bytes), .attributes(let bytes), .handleAttributes(let bytes),
      .openFolder(let bytes), .readFolder(let bytes), .remove(let bytes), .removeFolder(let bytes),
      .realPath(let bytes):
      packet.string(bytes)
    }
  }
}
