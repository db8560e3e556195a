import Glibc
package import SystemPackage

/// A file that holds a secret: a private key, a passphrase, a token. One rule holds for all: it is a regular file that
/// only its owner can read.
///
/// A credential of systemd passes too: where systemd grants access to the service's user by an access list, the file
/// belongs to root and its group bits show the mask of that list.
package enum SecretFile {
  /// Opens the file; the caller closes it.
  ///
  /// - Throws: ``SecretFileError``.
  package static func open(_ path: FilePath) throws(SecretFileError) -> (file: FileDescriptor, size: Int) {
    let file: FileDescriptor
    do throws(PlainFileError) {
      file = try PlainFile.open(path)
    } catch {
      throw SecretFileError(
        reason: (en: error.description, da: error.inDanish), isExposed: false, code: error.code)
    }
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else {
      let code = Errno(rawValue: errno)
      close(file.rawValue)
      throw SecretFileError(
        reason: (en: code.description, da: code.inDanish), isExposed: false, code: code)
    }
    guard status.st_mode & 0o077 == 0 || isCredential(path, status) else {
      close(file.rawValue)
      throw SecretFileError(
        reason: (en: "others than its owner can read it", da: "andre end ejeren kan læse den"), isExposed: true)
    }
    return (file, Int(status.st_size))
  }

  /// The file's first bytes, at most `limit` of them.
  ///
  /// - Throws: ``SecretFileError``.
  package static func read(_ path: FilePath, upTo limit: Int) throws(SecretFileError) -> [UInt8] {
    let file = try open(path).file
    do {
      return try file.closeAfter { try PlainFile.content(of: file, upTo: limit) }
    } catch {
      throw SecretFileError(
        reason: (en: "\(error)", da: (error as? Errno)?.inDanish ?? "\(error)"), isExposed: false)
    }
  }

  private static func isCredential(_ path: FilePath, _ status: stat) -> Bool {
    guard let folder = getenv("CREDENTIALS_DIRECTORY").map({ FilePath(String(cString: $0)) }), folder.isAbsolute else {
      return false
    }
    return path.lexicallyNormalized().starts(with: folder) && path.isAbsolute && status.st_uid == 0
      && status.st_mode & 0o037 == 0
  }
}

/// The reason why a secret file is refused.
package struct SecretFileError: Error, CustomStringConvertible {
  /// The reason, worded to follow the file's name.
  package let reason: (en: String, da: String)
  /// True if the file is refused because other users can read it.
  package let isExposed: Bool
  /// The system's reason, where the file could not be opened at all: that may pass by itself.
  package var code: Errno?

  /// The remedy, where one is known.
  package var remedy: (en: String, da: String)? {
    isExposed ? (en: "chmod 600 it", da: "kør chmod 600 på den") : nil
  }

  /// The reason and the remedy, worded to follow the file's name.
  package var description: String { reason.en + (remedy.map { "; \($0.en)" } ?? "") }
  /// The same in Danish.
  package var inDanish: String { reason.da + (remedy.map { "; \($0.da)" } ?? "") }
}
