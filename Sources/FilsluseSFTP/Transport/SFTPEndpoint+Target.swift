internal import FilsluseBase
internal import Logging
internal import SystemPackage
import Glibc

extension SFTPEndpoint {
  /// Reads the local files needed for connecting: the private key and the known hosts.
  func target(logger: Logger) async throws(SFTPError) -> ConnectionTarget {
    let keys = try await LoginKey.read(identity)
    for case .file(let key) in keys where key.ignoresPassphrase {
      logger.say(
        .warning,
        MessageText(
          "the key \(key.file) is not encrypted: the passphrase given for it is not used",
          "nøglen \(key.file) er ikke krypteret: dens adgangskode bruges ikke"))
    }
    return ConnectionTarget(
      host: host, port: port, user: user, keys: keys, trusted: try await trustedKeys(logger), deadlines: deadlines)
  }

  private func trustedKeys(_ logger: Logger) async throws(SFTPError) -> TrustedHostKeys {
    switch hostKeys {
    case .pinned(let fingerprints):
      return .fingerprints(fingerprints)
    case .knownHosts(let file):
      let bytes = try await BlockingThreads.shared.run { () throws(SFTPError) in try Self.read(file) }
      let hosts = KnownHosts(bytes)
      for problem in hosts.problems {
        logger.say(.warning, MessageText("known_hosts: ") + problem, metadata: ["file": "\(file)"])
      }
      let keys = hosts.keys(host: host, port: port)
      let plainly = port == 22 ? [] : hosts.keys(host: host, port: 22).known
      return .known(keys.known, revoked: keys.revoked, plainly: plainly, file: file)
    }
  }

  private static func read(_ file: FilePath) throws(SFTPError) -> [UInt8] {
    do {
      let descriptor = try PlainFile.open(file)
      return try descriptor.closeAfter { try PlainFile.content(of: descriptor, upTo: 16 << 20) }
    } catch PlainFileError.system(let error)
      where [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains(error)
    {
      throw SFTPError(
        .resourcesExhausted, "the file \(file) cannot be read now: \(error)",
        "filen \(file) kan ikke læses nu: \(error.inDanish)", operation: "connect")
    } catch {
      let reason = (error as? Errno)?.inDanish ?? (error as? PlainFileError)?.inDanish ?? "\(error)"
      throw SFTPError(
        .knownHostsUnreadable, "the file \(file) cannot be read: \(error)", "\(file): \(reason)", operation: "connect")
    }
  }
}
