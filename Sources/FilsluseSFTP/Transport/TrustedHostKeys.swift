public import FilsluseBase
public import SystemPackage

/// The source of trust in a server's host key. There is no way to accept any key.
public enum HostKeyTrust: Sendable, Hashable {
  /// The key has one of these fingerprints. Two of them bridge a change of keys.
  case pinned([KeyFingerprint])

  /// The key is in a file of OpenSSH's `known_hosts` format, under the host's name and port.
  case knownHosts(FilePath)
}

/// The host keys that one server may show.
enum TrustedHostKeys: Sendable {
  case fingerprints([KeyFingerprint])
  /// Keys of a known_hosts file. Keys under the plain name do not count for the port, and only explain a refusal.
  case known([HostKey], revoked: [HostKey], plainly: [HostKey] = [], file: FilePath)

  enum Verdict: Equatable {
    case trusted
    case unknown
    case revoked
    case mismatch
  }

  func verdict(on key: HostKey) -> Verdict {
    switch self {
    case .fingerprints(let pinned):
      return pinned.contains(key.fingerprint) ? .trusted : .mismatch
    case .known(let keys, let revoked, _, _):
      if revoked.contains(key) { return .revoked }
      if keys.contains(key) { return .trusted }
      return keys.isEmpty ? .unknown : .mismatch
    }
  }

  /// The signature algorithms to ask the server for: those of known keys, so that it shows one of them.
  var signatures: [String] {
    guard case .known(let keys, _, _, _) = self, !keys.isEmpty else { return Algorithms.hostKeys }
    let wanted = keys.flatMap { Algorithms.signatures(for: $0.type) }
    return Algorithms.hostKeys.filter(wanted.contains)
  }

  /// The file that limits the keys to request; `nil` for none.
  var file: String? {
    guard case .known(let keys, _, _, let file) = self, !keys.isEmpty else { return nil }
    return file.string
  }

  /// Returns the error if libssh2 can check none of the known keys.
  func uncheckable(at server: String) -> SFTPError {
    var known: [HostKey] = []
    if case .known(let keys, _, _, _) = self { known = keys }
    let types = Set(known.map(\.type)).sorted().map { MessageText($0) }.joined(by: .and)
    let library = "libssh2 \(Algorithms.libraryVersion)"
    let file = file ?? "known_hosts"
    let helps = !signatures.isEmpty
    let later = helps ? MessageText(", and 1.11 can", ", og som 1.11 kan") : .empty
    let instead = helps ? MessageText(", or use libssh2 1.11", ", eller brug libssh2 1.11") : .empty
    return SFTPError(
      .noCommonAlgorithm,
      "\(file) has no key of \(server) but of type \(types.en), which \(library) cannot check\(later.en); add the line of a key of another type, confirmed by the server's owner (ssh-keyscan shows the lines)\(instead.en)",
      "\(file) har kun nøgler for \(server) af typen \(types.da), som \(library) ikke kan efterprøve\(later.da); tilføj linjen med en nøgle af en anden type, som serverens ejer har bekræftet (ssh-keyscan viser linjerne)\(instead.da)"
    )
  }

  /// Returns the error if none of the server's keys is trusted.
  func refusal(of shown: [HostKey], server: String) -> SFTPError {
    let presented = shown.map(Self.text).joined(by: .and)
    let shows = MessageText(
      "\(server) shows the host key \(presented.en)", "\(server) viser nøglen \(presented.da)")
    let fingerprints = shown.map(\.fingerprint)
    switch (self, shown.last.map(verdict)) {
    case (.known(_, _, _, let file), .revoked):
      return SFTPError(
        .hostKeyRevoked,
        shows + MessageText(", which \(file) marks as revoked", ", som er trukket tilbage ifølge \(file)"),
        fingerprints: fingerprints)
    case (.known(_, _, let plainly, let file), .unknown) where !plainly.isEmpty:
      let isSame = plainly.contains(where: shown.contains)
      let same = isSame ? MessageText("the same key", "den samme nøgle") : MessageText("another key", "en anden nøgle")
      let missing = MessageText(
        ", and \(file) has \(same.en) for the host, but none for this port: a line stands for port 22 unless it begins with [host]:port",
        ", og \(file) har \(same.da) for værten, men ingen for denne port: en linje gælder port 22, medmindre den begynder med [host]:port"
      )
      return SFTPError(
        .hostKeyUnknown, shows + missing,
        fingerprints: fingerprints)
    case (.known(_, _, _, let file), .unknown):
      return SFTPError(
        .hostKeyUnknown,
        shows + MessageText(", and \(file) knows no key for it", ", og \(file) har ingen nøgle for serveren"),
        fingerprints: fingerprints)
    case (.known(let keys, _, _, let file), _):
      let expected = keys.map(Self.text).joined(by: .or)
      return SFTPError(
        .hostKeyMismatch,
        shows + MessageText("; \(file) expects \(expected.en)", "; \(file) forventer \(expected.da)"),
        fingerprints: fingerprints + keys.map(\.fingerprint))
    case (.fingerprints(let pinned), _) where pinned.isEmpty:
      return SFTPError(
        .hostKeyUnknown,
        shows + MessageText(", and no fingerprint is configured", ", og der står intet fingeraftryk i indstillingerne"),
        fingerprints: fingerprints)
    case (.fingerprints(let pinned), _):
      let expected = pinned.map { MessageText($0.description) }.joined(by: .or)
      return SFTPError(
        .hostKeyMismatch,
        shows
          + MessageText(
            "; the configuration expects \(expected.en)", "; indstillingerne forventer \(expected.da)"),
        fingerprints: fingerprints + pinned)
    }
  }

  private static func text(_ key: HostKey) -> MessageText { MessageText("\(key.type) \(key.fingerprint)") }
}
