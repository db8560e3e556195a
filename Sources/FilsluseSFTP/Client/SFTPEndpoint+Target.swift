internal import FilsluseSystem
internal import Logging
internal import SystemPackage
import Glibc

extension SFTPEndpoint {
  /// Reads what connecting needs from local files: the private key and the known hosts.
  func target(logger: Logger) async throws(SFTPError) -> ConnectionTarget {
    switch identity {
    case .keyFile(let file, let passphrase):
      return ConnectionTarget(
        host: host, port: port, user: user, key: try await PrivateKey.read(file, passphrase: passphrase),
        trusted: try await trustedKeys(logger), deadlines: deadlines)
    }
  }

  private func trustedKeys(_ logger: Logger) async throws(SFTPError) -> TrustedHostKeys {
    switch hostKeys {
    case .pinned(let fingerprints):
      return .fingerprints(fingerprints)
    case .knownHosts(let file):
      let text = try await BlockingThreads.shared.run { () throws(SFTPError) in try Self.readText(file) }
      let hosts = KnownHosts(text)
      for problem in hosts.problems {
        logger.warning("known_hosts: \(problem)", metadata: ["file": "\(file)"])
      }
      let keys = hosts.keys(host: host, port: port)
      return .known(keys.known, revoked: keys.revoked, file: file)
    }
  }

  private static func readText(_ file: FilePath) throws(SFTPError) -> String {
    let largest = 16 << 20
    do {
      let descriptor = try FileDescriptor.open(file, .readOnly, options: [.closeOnExec, .nonBlocking])
      return try descriptor.closeAfter {
        var bytes: [UInt8] = []
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 1)
        defer { piece.deallocate() }
        while bytes.count < largest, case let count = try descriptor.read(into: piece), count > 0 {
          bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<count]))
        }
        return String(decoding: bytes, as: UTF8.self)
      }
    } catch let error as Errno where [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains(error) {
      throw SFTPError(.resourcesExhausted, "the file \(file) cannot be read now: \(error)", operation: "connect")
    } catch {
      throw SFTPError(.knownHostsUnreadable, "the file \(file) cannot be read: \(error)", operation: "connect")
    }
  }
}
