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
        "the status page's token in \(file) cannot be read: \(error.reason.en)",
        "statussidens adgangstegn i \(file) kan ikke læses: \(error.reason.da)", remedy: error.remedy)
    }
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    guard line.utf8.count >= Self.shortest, line.utf8.count <= 512,
      line.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw StatusServerError(
        "\(file) holds no token for the status page", "\(file) indeholder intet adgangstegn til statussiden",
        remedy: (
          en:
            "write \(Self.shortest) to 512 ASCII characters without blanks on its first line, such as openssl rand -hex 32 makes",
          da:
            "skriv \(Self.shortest) til 512 ASCII-tegn uden blanktegn på første linje, som openssl rand -hex 32 laver dem"
        ))
    }
    token = Redacted(line)
  }

  /// A secret that is the same for every process with this token.
  var secret: PageSecret { PageSecret(of: token.exposed) }

  func isSame(as text: String) -> Bool { PageSecret.isSame(text, token.exposed) }
}
