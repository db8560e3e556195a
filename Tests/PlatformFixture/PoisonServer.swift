import FilsluseBase
import Foundation
import LocalPlatform
import SystemPackage

/// A real SFTP server behind a filter that ends, stalls or garbles the session at certain requests.
public struct PoisonServer: Sendable {
  /// The server, whose sessions all go through the filter.
  public let test: TestServer
  private let rules: FilePath
  private let log: FilePath

  /// A request by which a file's name or handle reaches the server.
  public enum Request: String, Sendable, CaseIterable {
    case open, read, write, remove, rename
  }

  /// The course of a session at a poisoned request.
  public enum Ending: String, Sendable, CaseIterable {
    /// The server closes the session.
    case drop
    /// The server carries the request out, and closes the session before its answer.
    case dropAfterwards
    /// The server sends an answer that the protocol does not have.
    case nonsense
    /// The server answers nothing any more.
    case stall
  }

  /// Ends sessions at a request for any of the names; earlier poisonings are removed.
  public func poison(_ request: Request, of names: [String], by ending: Ending = .drop) throws {
    let text = names.map { "\(request.rawValue)\t\(ending.rawValue)\t\($0)\n" }.joined()
    try text.write(toFile: rules.string, atomically: true, encoding: .utf8)
  }

  /// Has all sessions go on undisturbed.
  public func heal() throws { try "".write(toFile: rules.string, atomically: true, encoding: .utf8) }

  /// The number of sessions that ended at a poisoned request.
  public var hits: Int {
    (try? String(contentsOfFile: log.string, encoding: .utf8))?.split(separator: "\n").count ?? 0
  }

  /// Runs a test against such a server, with a fresh user whose folder holds IN and OUT.
  ///
  /// - Throws: `PlatformError` when the server could not be had, and what `body` throws.
  public static func with<Result: Sendable>(
    _ body: @Sendable (PoisonServer) async throws -> Result
  ) async throws -> Result {
    try await withOwnTestServer { folder in
      let script = folder.appending("filter.py")
      try Self.script.write(toFile: script.string, atomically: true, encoding: .utf8)
      return [
        "ForceCommand exec /usr/bin/env python3 \(script) \(Self.rulesFile(in: folder)) \(Self.logFile(in: folder))"
      ]
    } _: { test, folder in
      try await body(PoisonServer(test: test, rules: Self.rulesFile(in: folder), log: Self.logFile(in: folder)))
    }
  }

  private static func rulesFile(in folder: FilePath) -> FilePath { folder.appending("rules") }

  private static func logFile(in folder: FilePath) -> FilePath { folder.appending("hits") }

  private static let script = #"""
    import os, struct, subprocess, sys, threading, time
    rules, log = sys.argv[1:3]
    server = subprocess.Popen(['/usr/lib/openssh/sftp-server', '-d', os.environ['HOME']],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    out = sys.stdout.buffer
    opening, handles = {}, {}
    def end():
        os._exit(0)
    def take(source):
        data = b''
        while len(data) < 4:
            more = source.read(4 - len(data))
            if not more: end()
            data += more
        count = struct.unpack('>I', data)[0]
        body = b''
        while len(body) < count:
            more = source.read(count - len(body))
            if not more: end()
            body += more
        return data, body
    def texts(body, place):
        found = []
        while place + 4 <= len(body):
            count = struct.unpack('>I', body[place:place + 4])[0]
            found.append(body[place + 4:place + 4 + count])
            place += 4 + count
        return found
    lock = threading.Lock()
    silenced = False
    def send(data):
        with lock:
            if silenced: return
            out.write(data); out.flush()
    def answers():
        while True:
            head, body = take(server.stdout)
            if body[0] == 102 and body[1:5] in opening: handles[texts(body, 5)[0]] = opening.pop(body[1:5])
            send(head + body)
    threading.Thread(target=answers, daemon=True).start()
    def poisoned(request, names):
        try: lines = open(rules, encoding='utf-8').read().split('\n')
        except FileNotFoundError: return None
        for line in lines:
            if line and line.split('\t')[0] == request and line.split('\t')[2].encode() in names: return line.split('\t')[1]
    source = sys.stdin.buffer
    while True:
        head, body = take(source)
        kind, names, request = body[0], [], None
        if kind == 3:
            request, names = 'open', texts(body, 5)[:1]
            opening[body[1:5]] = names[0]
        elif kind in (5, 6):
            request = 'read' if kind == 5 else 'write'
            names = [handles.get(texts(body, 5)[0], b'')]
        elif kind == 13: request, names = 'remove', texts(body, 5)
        elif kind == 18: request, names = 'rename', texts(body, 5)
        elif kind == 200 and texts(body, 5)[0].startswith(b'posix-rename'): request, names = 'rename', texts(body, 5)[1:]
        ending = poisoned(request, [name.rsplit(b'/', 1)[-1] for name in names]) if request else None
        if ending:
            with open(log, 'a') as file: file.write(request + '\n')
            # Whoever waited before this one has its answer.
            time.sleep(0.02)
            if ending == 'drop': end()
            if ending == 'dropAfterwards':
                with lock: silenced = True
                server.stdin.write(head + body); server.stdin.close()
                server.wait()
                end()
            if ending == 'nonsense': send(struct.pack('>I', 5) + bytes([250]) + body[1:5])
            else:
                # A stalled session ends with its connection, and so does the server behind it.
                while source.read(1 << 16): pass
                end()
            continue
        server.stdin.write(head + body); server.stdin.flush()
    """#
}
