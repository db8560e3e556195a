import Foundation
import LocalPlatform
import SystemPackage

/// A real SFTP server that holds the answers to a group of requests back until all requests of the group have come.
///
/// A client that gets through needs no more round trips than there are groups: it sends each group without waiting for
/// an answer to any of it. At one that waits, the answers go out after ten seconds, and `WAITED` stands among the
/// requests.
public struct RoundTripServer: Sendable {
  /// The server, whose sessions all go through the filter.
  public let test: TestServer
  private let groups: [[String]]
  private let log: FilePath

  /// The names of the requests that have come, such as `OPEN`, in the groups that were expected and a last one of all
  /// further ones, each sorted. SFTP's first packet does not count.
  public func requests() throws -> [[String]] {
    var rest = try String(contentsOfFile: log.string, encoding: .utf8).split(separator: "\n").map(String.init)[...]
    var come: [[String]] = []
    for group in groups {
      come.append(rest.prefix(group.count).sorted())
      rest = rest.dropFirst(group.count)
    }
    return rest.isEmpty ? come : come + [rest.sorted()]
  }

  /// Runs a test against such a server, with a fresh user whose folder holds IN and OUT. It is for one session.
  ///
  /// - Parameter groups: the requests to expect, by their names.
  /// - Throws: `PlatformError` when the server could not be had, and what `body` throws.
  public static func with<Result: Sendable>(
    expecting groups: [[String]], _ body: @Sendable (RoundTripServer) async throws -> Result
  ) async throws -> Result {
    try await withOwnTestServer { folder in
      let (script, log) = (folder.appending("filter.py"), Self.logFile(in: folder))
      try Self.script.write(toFile: script.string, atomically: true, encoding: .utf8)
      try "".write(toFile: log.string, atomically: true, encoding: .utf8)
      let sizes = groups.map { "\($0.count)" }.joined(separator: " ")
      return ["ForceCommand exec /usr/bin/env python3 \(script) \(log) \(sizes)"]
    } _: { test, folder in
      try await body(RoundTripServer(test: test, groups: groups, log: Self.logFile(in: folder)))
    }
  }

  private static func logFile(in folder: FilePath) -> FilePath { folder.appending("requests") }

  private static let script = #"""
    import os, struct, subprocess, sys, threading
    log = open(sys.argv[1], 'a')
    # The number of requests that must have come before an answer to one of them goes out, for each group.
    limits = [sum(map(int, sys.argv[2:place])) for place in range(3, len(sys.argv) + 1)]
    names = {3: 'OPEN', 4: 'CLOSE', 5: 'READ', 6: 'WRITE', 7: 'LSTAT', 8: 'FSTAT', 9: 'SETSTAT', 10: 'FSETSTAT',
             11: 'OPENDIR', 12: 'READDIR', 13: 'REMOVE', 14: 'MKDIR', 15: 'RMDIR', 16: 'REALPATH', 17: 'STAT',
             18: 'RENAME', 200: 'EXTENDED'}
    server = subprocess.Popen(['/usr/lib/openssh/sftp-server', '-d', os.environ['HOME']],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    def take(source):
        data = b''
        while len(data) < 4 or len(data) < 4 + struct.unpack('>I', data[:4])[0]:
            wanted = 4 if len(data) < 4 else 4 + struct.unpack('>I', data[:4])[0]
            more = source.read(wanted - len(data))
            if not more: return None
            data += more
        return data
    changed, come = threading.Condition(), 0
    def note(line):
        log.write(line + '\n')
        log.flush()
    def requests():
        global come
        while True:
            packet = take(sys.stdin.buffer)
            if packet is None: break
            if packet[4] != 1:
                with changed:
                    come += 1
                    note(names.get(packet[4], str(packet[4])))
                    changed.notify_all()
            server.stdin.write(packet)
        server.stdin.close()
    threading.Thread(target=requests, daemon=True).start()
    answered = 0
    while True:
        packet = take(server.stdout)
        if packet is None: os._exit(0)
        if packet[4] != 2:
            answered += 1
            needed = next((limit for limit in limits if answered <= limit), 0)
            with changed:
                if not changed.wait_for(lambda: come >= needed, timeout=10):
                    limits = []
                    note('WAITED')
        sys.stdout.buffer.write(packet)
        sys.stdout.buffer.flush()
    """#
}
