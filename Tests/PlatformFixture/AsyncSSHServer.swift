public import FilsluseBase
import Foundation
import Glibc
public import SystemPackage

/// A server written on Python's asyncssh, which differs from OpenSSH within the protocol's rules.
public struct AsyncSSHServer: Sendable {
  /// The server's port on loopback.
  public let port: UInt16
  /// The host key's fingerprint.
  public let fingerprint: KeyFingerprint
  /// The private key that the server lets in, whatever the user's name.
  public let keyFile: FilePath
  /// The user's folder, with IN and OUT.
  public let folder: FilePath

  /// The ways in which the server differs from OpenSSH.
  public struct Ways: Sendable, Encodable {
    /// The server's receive window in bytes.
    public var window = 2 << 20
    /// The user's folder; `nil` for one of the server's own.
    public var root: String?
    /// Users may start SFTP.
    public var offersSFTP = true
    /// Writes are taken at the end of the file alone.
    public var writesInSequence = false
    /// Any other write is refused with this status.
    public var statusOfOtherWrites = 4
    /// Every write that brings bytes is refused with status 4 and this text, as by a full disk.
    public var refusesWrites: String?
    /// FSTAT is refused with this status.
    public var statusOfFSTAT: Int?
    /// FSTAT of a file that is being written says that it has so many bytes.
    public var sizeBeforeClose: UInt64?
    /// A missing file is answered with this status.
    public var statusOfMissing: Int?
    /// So many times CLOSE of a file that was written is refused, and half of the file is lost although its writes were
    /// acknowledged.
    public var refusedCloses = 0
    /// The connection is cut after this many requests.
    public var requestsPerConnection: Int?

    /// A server that behaves like OpenSSH.
    public init() {}
  }

  /// Runs a server until `body` is done.
  public static func run<Result>(
    _ ways: Ways = Ways(), in folder: FilePath, _ body: (AsyncSSHServer) async throws -> Result
  ) async throws -> Result {
    let script = folder.appending("asyncssh-server.py")
    try Self.script.write(toFile: script.string, atomically: true, encoding: .utf8)
    let program = Process()
    program.executableURL = URL(filePath: "/usr/bin/env")
    program.arguments = [
      ProcessInfo.processInfo.environment["FILSLUSE_PYTHON"] ?? "/usr/bin/python3", "-W", "ignore", script.string,
      folder.string, String(decoding: try JSONEncoder().encode(ways), as: UTF8.self),
    ]
    let (input, output) = (Pipe(), Pipe())
    program.standardInput = input
    program.standardOutput = output
    try program.run()
    // Tests start programs with SIGTERM blocked.
    defer {
      kill(program.processIdentifier, SIGKILL)
      program.waitUntilExit()
    }
    var told = Data()
    while !told.contains(UInt8(ascii: "\n")) {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw CocoaError(.executableLoad) }
      told += more
    }
    let words = String(decoding: told, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let port = UInt16(words[0]), let fingerprint = KeyFingerprint(text: String(words[1])) else {
      throw CocoaError(.executableLoad)
    }
    return try await body(
      AsyncSSHServer(
        port: port, fingerprint: fingerprint, keyFile: folder.appending("key"),
        folder: ways.root.map { FilePath($0) } ?? folder.appending("user")))
  }

  private static let script = #"""
    import asyncio, json, os, sys, threading
    import asyncssh
    folder, ways = sys.argv[1], json.loads(sys.argv[2])
    # It ends with the test, however that ends.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    root = ways.get('root') or os.path.join(folder, 'user')
    for name in ('IN', 'OUT'): os.makedirs(os.path.join(root, name), exist_ok=True)
    host, user = asyncssh.generate_private_key('ssh-ed25519'), asyncssh.generate_private_key('ssh-ed25519')
    user.write_private_key(os.path.join(folder, 'key'))
    os.chmod(os.path.join(folder, 'key'), 0o600)

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username): return True
        def public_key_auth_supported(self): return True
        def validate_public_key(self, username, key): return key == user.convert_to_public()

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel):
            super().__init__(channel, chroot=root)
            self.requests = 0
        def count(self):
            self.requests += 1
            most = ways.get('requestsPerConnection')
            if most and self.requests > most: self.channel.get_connection().abort()
        def missing(self, call, *arguments):
            try: return call(*arguments)
            except FileNotFoundError:
                status = ways.get('statusOfMissing')
                if status is None: raise
                raise asyncssh.SFTPError(status, 'No such file')
        def open(self, path, flags, attributes):
            self.count()
            return self.missing(super().open, path, flags, attributes)
        def stat(self, path):
            self.count()
            return self.missing(super().stat, path)
        def lstat(self, path):
            # Listings ask it of each entry.
            return self.missing(super().lstat, path)
        def remove(self, path):
            self.count()
            return self.missing(super().remove, path)
        def fstat(self, file):
            self.count()
            if ways.get('statusOfFSTAT') is not None: raise asyncssh.SFTPError(ways['statusOfFSTAT'], 'no FSTAT here')
            if ways.get('sizeBeforeClose') is not None and file.writable():
                return asyncssh.SFTPAttrs(size=ways['sizeBeforeClose'])
            return super().fstat(file)
        def read(self, file, offset, size):
            self.count()
            return super().read(file, offset, size)
        def write(self, file, offset, data):
            self.count()
            if ways.get('refusesWrites'): raise asyncssh.SFTPError(4, ways['refusesWrites'])
            if ways['writesInSequence'] and offset != os.fstat(file.fileno()).st_size:
                raise asyncssh.SFTPError(ways['statusOfOtherWrites'], 'random write not supported')
            written = super().write(file, offset, data)
            if ways['writesInSequence']: file.flush()
            return written

        def close(self, file):
            if ways['refusedCloses'] > 0 and file.writable():
                ways['refusedCloses'] -= 1
                file.flush()
                size = os.fstat(file.fileno()).st_size
                file.seek(size // 2)
                file.write(bytes(size - size // 2))
                super().close(file)
                raise asyncssh.SFTPError(4, 'disk quota exceeded')
            return super().close(file)

    async def main():
        server = await asyncssh.listen(
            '127.0.0.1', 0, server_host_keys=[host], server_factory=Server, sftp_factory=Files if ways['offersSFTP'] else None, window=ways['window'])
        print(server.sockets[0].getsockname()[1], host.get_fingerprint(), flush=True)
        await asyncio.sleep(600)
    asyncio.run(main())
    """#
}
