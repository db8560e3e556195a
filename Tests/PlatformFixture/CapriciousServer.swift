import Foundation
public import SystemPackage

/// An SFTP program over a real folder that keeps to the letter of SFTP and still is unlike OpenSSH's, for
/// `ForceCommand` in a server's configuration.
public struct CapriciousServer: Sendable {
  /// True if neither listings nor attributes distinguish files from folders.
  public var isTypeless = false
  /// True if listings show each name in a line as `ls -l` does.
  public var showsLines = false
  /// The status that it answers for a file that is not there; 2 is SFTP's own.
  public var missingStatus = 2
  /// True if attributes cannot be asked for at all.
  public var lacksAttributes = false
  /// The number of requests after which it ends each connection.
  public var mostRequests: Int?
  /// The ending of names that are gone as soon as they were listed.
  public var vanishingSuffix: String?

  /// A server without caprices.
  public init() {}

  /// The configuration line for a server with this program, which is written into a folder.
  ///
  /// - Parameter root: the folder that a session sees.
  public func configuration(in folder: FilePath, root: FilePath) throws -> String {
    let script = folder.appending("capricious.py")
    try (PythonServer.beginning + Self.script).write(toFile: script.string, atomically: true, encoding: .utf8)
    let arguments = [
      isTypeless ? "1" : "0", "\(missingStatus)", lacksAttributes ? "1" : "0", "\(mostRequests ?? 0)",
      vanishingSuffix ?? "-", showsLines ? "1" : "0",
    ]
    return "ForceCommand exec /usr/bin/env python3 \(script) \(root) \(arguments.joined(separator: " "))"
  }

  private static let script = #"""
    root = os.fsencode(sys.argv[1])
    typeless, missing, bare, most = sys.argv[2] == '1', int(sys.argv[3]), sys.argv[4] == '1', int(sys.argv[5])
    vanishing = b'' if sys.argv[6] == '-' else os.fsencode(sys.argv[6])
    lines = sys.argv[7] == '1'
    def attributes(path):
        s = os.stat(path)
        times = u32(int(s.st_atime)) + u32(int(s.st_mtime))
        if typeless: return u32(9) + struct.pack('>Q', s.st_size) + times
        return u32(13) + struct.pack('>Q', s.st_size) + u32(s.st_mode) + times
    def line(path):
        s = os.stat(path)
        return b'%s 1 a b %d Nov 29 02:10 %s' % (stat.filemode(s.st_mode).encode(), s.st_size, os.path.basename(path))
    def status(number, code): send(101, number + u32(code) + text(b'') + text(b''))
    handles, served, listed = {}, 0, set()
    while True:
        size = struct.unpack('>I', take(4))[0]
        packet = take(size)
        kind, body = packet[0], packet[1:]
        if kind == 1: send(2, u32(3)); continue
        served += 1
        if most and served > most: sys.exit(0)
        number, rest = body[:4], body[4:]
        length = struct.unpack('>I', rest[:4])[0]
        name, rest = rest[4:4 + length], rest[4 + length:]
        path = os.path.join(root, name.lstrip(b'/'))
        try:
            if vanishing and kind in (3, 7, 17) and name.endswith(vanishing) and path in listed:
                os.path.exists(path) and os.remove(path)
            if kind == 3: handles[number] = open(path, 'rb'); send(102, number + text(number))
            elif kind == 4:
                handle = handles.pop(name, None)
                if hasattr(handle, 'close'): handle.close()
                status(number, 0)
            elif kind == 5:
                offset, count = struct.unpack('>QI', rest[:12])
                data = os.pread(handles[name].fileno(), min(count, 32768), offset)
                send(103, number + text(data)) if data else status(number, 1)
            elif kind == 8:
                s = os.fstat(handles[name].fileno())
                send(105, number + u32(1) + struct.pack('>Q', s.st_size))
            elif kind in (7, 17) and bare: status(number, 8)
            elif kind in (7, 17): send(105, number + attributes(path))
            elif kind == 11: handles[number] = [path, sorted(os.listdir(path))]; send(102, number + text(number))
            elif kind == 12:
                folder, names = handles[name]
                part, handles[name][1] = names[:50], names[50:]
                if not part: status(number, 1); continue
                listed.update(os.path.join(folder, n) for n in part)
                send(104, number + u32(len(part)) + b''.join(
                    text(n) + text(line(os.path.join(folder, n)) if lines else n) + attributes(os.path.join(folder, n))
                    for n in part))
            elif kind == 16: send(104, number + u32(1) + text(name) + text(name) + u32(0))
            else: status(number, 8)
        except FileNotFoundError: status(number, missing)
        except NotADirectoryError: status(number, 4)
        except OSError: status(number, 4)
    """#
}
