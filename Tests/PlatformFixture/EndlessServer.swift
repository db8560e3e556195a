import Foundation
public import SystemPackage

/// An SFTP program that never comes to an end, for `ForceCommand` in a server's configuration.
public enum EndlessServer: String, Sendable, CaseIterable {
  /// Every answer to READDIR holds a hundred names that no earlier answer held.
  case freshNames = "fresh"
  /// Every answer to READDIR holds the same hundred names.
  case repeatedNames = "repeated"
  /// Every answer to READDIR holds names that no file can have.
  case impossibleNames = "impossible"
  /// Every answer to READDIR holds no name.
  case emptyPages = "empty"
  /// Names come one at a time, each after a tenth of a second.
  case slowNames = "slow"
  /// One answer to READDIR has 12 MB.
  case largePage = "large"
  /// One answer to READDIR has a million names without a letter.
  case crowdedPage = "crowded"
  /// Files give no size and do not end. A folder holds one file and its metadata, as do those of the two kinds below.
  case endlessData = "data"
  /// Files give no size, and every answer to READ is empty.
  case emptyData = "nodata"
  /// Every answer to READ holds more than was asked for.
  case tooMuchData = "moredata"

  /// The configuration line for a server with this program, which is written into a folder.
  ///
  /// - Parameter metadata: what the metadata holds of the one file in a folder; without, it is like all files.
  public func configuration(in folder: FilePath, metadata: [UInt8]? = nil) throws -> String {
    if let metadata { try Data(metadata).write(to: URL(filePath: folder.appending("metadata").string)) }
    let script = folder.appending("endless.py")
    try (PythonServer.beginning + Self.script).write(toFile: script.string, atomically: true, encoding: .utf8)
    return "ForceCommand exec /usr/bin/env python3 \(script) \(rawValue)"
  }

  private static let script = #"""
    mode = sys.argv[1]
    known = os.path.join(os.path.dirname(sys.argv[0]), 'metadata')
    metadata = open(known, 'rb').read() if os.path.exists(known) else None
    NONE = u32(0)
    def entries(names): return u32(len(names)) + b''.join(text(n) + text(b'-rw-r--r-- ' + n) + NONE for n in names)
    number = 0
    def page():
        global number
        number += 1
        if mode == 'fresh': return entries([b'navn-%09d-%02d.csv' % (number, i) for i in range(100)])
        if mode == 'repeated': return entries([b'navn-%02d.csv' % i for i in range(100)])
        if mode == 'impossible': return entries([b'../navn-%09d-%02d' % (number, i) for i in range(100)])
        if mode == 'empty': return NONE
        if mode == 'slow': time.sleep(0.1); return entries([b'navn-%09d' % number])
        if mode == 'large': return entries([b'n' * 65536 for _ in range(96)])
        if mode == 'crowded': return u32(300000) + bytes(12) * 300000
        return entries([b'navn.csv', b'navn.csv.metadata']) if number == 1 else None
    def read(count, handle, offset):
        if metadata and handle.endswith(b'.metadata'): return metadata[offset:offset + count] or None
        if mode == 'nodata': return b''
        if mode == 'moredata': return bytes(count + 1)
        return bytes(count)
    while True:
        packet = take(struct.unpack('>I', take(4))[0])
        kind, ident = packet[0], packet[1:5]
        if kind == 1: send(2, u32(3))
        elif kind in (3, 11):
            number = 0
            send(102, ident + packet[5:9 + struct.unpack('>I', packet[5:9])[0]][:260])
        elif kind == 5:
            name = packet[9:9 + struct.unpack('>I', packet[5:9])[0]]
            offset, count = struct.unpack('>QI', packet[-12:])
            data = read(count, name, offset)
            if data is None: send(101, ident + u32(1) + NONE + NONE)
            else: send(103, ident + text(data))
        elif kind in (7, 8, 17): send(105, ident + NONE)
        elif kind == 16: send(104, ident + entries([b'/home']))
        elif kind == 12:
            names = page()
            if names is None: send(101, ident + u32(1) + NONE + NONE)
            else: send(104, ident + names)
        else: send(101, ident + NONE + NONE + NONE)
    """#
}
