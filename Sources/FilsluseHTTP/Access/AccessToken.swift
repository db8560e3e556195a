internal import FilsluseBase
public import SystemPackage

/// The token that opens the status page: read from a file, and never part of a URL or a log line.
public struct AccessToken: Sendable {
  private let token: Redacted<String>

  /// The minimum length of a token: shorter ones can be guessed.
  static let shortest = 20

  init(_ token: String) { self.token = Redacted(token) }

  /// Reads the token from the first line of a file.
  ///
  /// - Throws: ``StatusServerError`` when the file cannot be read, others may read it, or it holds no good token.
  public init(file: FilePath) throws(StatusServerError) {
    let bytes: [UInt8]
    do throws(SecretFileError) {
      bytes = try SecretFile.read(file, upTo: 4096)
    } catch {
      throw StatusServerError(
        "the status page's token in \(file) cannot be read: \(error)",
        "statussidens adgangstegn i \(file) kan ikke læses: \(Self.danishReason(error))")
    }
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    guard line.utf8.count >= Self.shortest, line.utf8.count <= 512,
      line.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw StatusServerError(
        """
        \(file) holds no token for the status page: expected are \(Self.shortest) to 512 ASCII characters without blanks \
        on its first line, such as openssl rand -hex 32 makes
        """,
        """
        \(file) indeholder intet adgangstegn til statussiden: forventet er \(Self.shortest) til 512 ASCII-tegn uden \
        blanktegn på første linje, som openssl rand -hex 32 laver dem
        """)
    }
    token = Redacted(line)
  }

  private static func danishReason(_ error: SecretFileError) -> String {
    if error.isExposed { return "andre end ejeren kan læse filen; kør chmod 600 på den" }
    guard let code = error.code else { return "det er ingen almindelig fil" }
    if code == .noSuchFileOrDirectory { return "filen findes ikke" }
    if code == .permissionDenied { return "den bruger, der kører, må ikke læse filen" }
    return "systemets fejl nr. \(code.rawValue)"
  }

  /// A secret that is the same for every process with this token.
  var secret: PageSecret { PageSecret(of: token.exposed) }

  func isSame(as text: String) -> Bool { PageSecret.isSame(text, token.exposed) }
}
