import Foundation
import LocalPlatform
public import SystemPackage

/// A relay before a PostgreSQL server that speaks TLS in the server's place. It waits a little and then passes on all
/// that has come, in records of 16 KB, the longest that there are; PostgreSQL's servers write such ones from version 17
/// on, and records of 8 KB before.
public enum TLSRelay {
  /// Runs it before a server that takes TLS, whose certificate it shows, until `body`, which gets its port, is done.
  ///
  /// - Throws: `ServerTrouble` when it does not start, and what `body` throws.
  public static func run<Result>(
    before server: PostgreSQLServer, in folder: FilePath, _ body: (UInt16) async throws -> Result
  ) async throws -> Result {
    guard let certificate = server.certificate else { throw ServerTrouble(description: "the server takes no TLS") }
    let home = try LastingProgram.makeHome(in: folder, named: "relay")
    let port = try await Loopback.freePort()
    let key = certificate.removingLastComponent().appending("key")
    let relay = try LastingProgram(
      [
        "/usr/bin/env", "python3", "-c", script, "\(port)", certificate.string, key.string,
        server.socket.appending(".s.PGSQL.\(server.port)").string,
      ], in: home, endedBy: "KILL")
    let log = home.appending("log")
    let isReady = { (try? String(contentsOfFile: log.string, encoding: .utf8))?.hasPrefix("ready") == true }
    try await relay.wait(until: isReady, log: log)
    defer { relay.end() }
    return try await body(port)
  }

  private static let script = #"""
    import socket, ssl, sys, threading, time
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    def send(client, upstream):
        try:
            while data := client.recv(1 << 20): upstream.sendall(data)
            upstream.shutdown(socket.SHUT_WR)
        except OSError: upstream.close()
    def serve(client):
        # The request for TLS, which is granted.
        client.recv(8, socket.MSG_WAITALL)
        client.sendall(b'S')
        client = context.wrap_socket(client, server_side=True)
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(sys.argv[4])
        threading.Thread(target=send, args=(client, upstream), daemon=True).start()
        while upstream.recv(1, socket.MSG_PEEK):
            time.sleep(0.01)
            client.sendall(upstream.recv(1 << 20))
        client.close()
    listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
    print('ready', flush=True)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    """#
}
