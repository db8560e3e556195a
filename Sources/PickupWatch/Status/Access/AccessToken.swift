internal import CSystemShim
internal import FilsluseSystem
import Glibc
public import SystemPackage

/// The token that opens the status page: read from a file, and never part of a URL or a log line.
public struct AccessToken: Sendable {
  private let token: Redacted<String>

  /// What a token is at least as long as: shorter ones can be guessed.
  static let shortest = 20

  init(_ token: String) { self.token = Redacted(token) }

  /// Reads the token from a file whose first line it is.
  ///
  /// - Throws: ``StatusServerError`` when the file cannot be read, others may read it, or it holds no good token.
  public init(file: FilePath) throws(StatusServerError) {
    let descriptor = file.withPlatformString { filsluse_openat(AT_FDCWD, $0, O_RDONLY | O_NONBLOCK, 0) }
    guard descriptor >= 0 else {
      throw StatusServerError(
        "the status page's token in \(file) cannot be read: \(String(cString: filsluse_error_text(errno)))")
    }
    defer { close(descriptor) }
    var state = stat()
    guard fstat(descriptor, &state) == 0, state.st_mode & S_IFMT == S_IFREG else {
      throw StatusServerError("the status page's token in \(file) cannot be read: it is not a file")
    }
    guard state.st_mode & 0o007 == 0 else {
      throw StatusServerError("everybody may read the status page's token in \(file); mend it with: chmod 600 \(file)")
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    let line = String(decoding: bytes.prefix(max(count, 0)).prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    guard line.utf8.count >= Self.shortest, line.utf8.count <= 512,
      line.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw StatusServerError(
        """
        \(file) holds no token for the status page: expected are \(Self.shortest) to 512 ASCII characters without blanks \
        on its first line, such as openssl rand -hex 32 makes
        """)
    }
    token = Redacted(line)
  }

  func isSame(as text: String) -> Bool { PageSecret.isSame(text, token.exposed) }
}
