public import FilsluseBase
import FoundationEssentials
package import SystemPackage
import TriggerFiles

/// The public half of an SSH key, as `ssh-keygen` writes it.
public struct PublicKey: Sendable, Hashable {
  /// The algorithm's name, such as `ssh-ed25519`.
  public let algorithm: String
  /// The key itself in base 64, as written in known_hosts and authorized_keys.
  public let base64: String

  /// The key's fingerprint.
  public var fingerprint: KeyFingerprint { KeyFingerprint(of: Array(Data(base64Encoded: base64) ?? Data())) }

  /// Algorithm and key, as one field pair of a known_hosts or authorized_keys line.
  public var line: String { "\(algorithm) \(base64)" }

  /// Reads the line of a `.pub` file.
  init(reading line: String, of path: FilePath) throws(PlatformError) {
    let fields = line.split { $0 == " " || $0 == "\n" }
    guard fields.count >= 2, Data(base64Encoded: String(fields[1])) != nil else {
      throw PlatformError(
        .fileTrouble,
        LocalizedText("the file holds no public SSH key", "filen indeholder ingen offentlig SSH-nøgle"),
        remedy: LocalizedText(
          "remove it and its key: new ones are made", "fjern den og dens nøgle: der laves nye"), path: path)
    }
    algorithm = String(fields[0])
    base64 = String(fields[1])
  }
}

/// The kind of a generated key.
public enum KeyKind: String, Sendable, Hashable, CaseIterable {
  /// Ed25519.
  case ed25519
  /// ECDSA on the curve P-256.
  case ecdsa
  /// RSA with 3072 bits.
  case rsa

  /// The arguments for `ssh-keygen`.
  var arguments: [String] {
    switch self {
    case .ed25519: ["-t", "ed25519"]
    case .ecdsa: ["-t", "ecdsa", "-b", "256"]
    case .rsa: ["-t", "rsa", "-b", "3072"]
    }
  }
}

extension ServerPrograms {
  /// The key in the file, made first where there is none.
  package func key(at path: FilePath, kind: KeyKind, comment: String, passphrase: Redacted<String>? = nil)
    async throws(PlatformError) -> PublicKey
  {
    let publicPath = FilePath(path.string + ".pub")
    let isThere = try await BlockingThreads.shared.run { () throws(PlatformError) -> Bool in
      if WholeFile.exists(path) { return true }
      try WholeFile.makeFolder(path.removingLastComponent(), mode: 0o700)
      return false
    }
    if !isThere {
      let made = try await Self.run(
        sshKeygen, ["-q"] + kind.arguments + ["-N", passphrase?.exposed ?? "", "-C", comment, "-f", path.string])
      guard made.succeeded else {
        throw PlatformError(
          .programFailed,
          LocalizedText("ssh-keygen made no key: \(made.text)", "ssh-keygen lavede ingen nøgle: „\(made.text)“"),
          remedy: LocalizedText(
            "check that the folder can be written", "se efter, om der kan skrives i mappen"), path: path)
      }
    }
    let line = try await BlockingThreads.shared.run { () throws(PlatformError) in try WholeFile.readText(publicPath) }
    guard let line else {
      throw PlatformError(
        .fileTrouble,
        LocalizedText("the public half of a key is missing", "den offentlige halvdel af en nøgle mangler"),
        remedy: LocalizedText("remove the key: a new one is made", "fjern nøglen: der laves en ny"),
        path: publicPath)
    }
    return try PublicKey(reading: line, of: publicPath)
  }
}
