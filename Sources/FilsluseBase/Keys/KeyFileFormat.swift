/// The form of a private key's file, as its text shows it before any secret is read.
package struct KeyFileFormat: Equatable {
  /// The file formats of private keys.
  package enum Form: Equatable {
    /// OpenSSH's own format, which names cipher and key type inside.
    case openSSH
    /// One of PEM's, which libcrypto reads.
    case pem(isEncrypted: Bool)
  }

  /// The form that the title of the key's block names.
  package let form: Form

  /// The title of the key's block, such as `RSA PRIVATE KEY`.
  let title: String

  /// The key's block from its title to its end, as an offset range of the cleaned file.
  package let block: Range<Int>

  /// Finds the private key in a cleaned file; earlier blocks, such as `EC PARAMETERS`, are skipped.
  ///
  /// - Throws: ``Trouble``.
  package init(_ file: UnsafeRawBufferPointer) throws(Trouble) {
    let lines = KeyFileText.lines(of: file)
    guard let first = lines.firstIndex(where: { KeyFileText.title($0).map(Self.isPrivate) ?? false }),
      let title = KeyFileText.title(lines[first])
    else { throw Self.isBeginning(lines, of: file) ? .cutOff : .noPrivateKey }
    guard let last = lines[first...].firstIndex(where: { KeyFileText.endedTitle($0) == title }) else { throw .cutOff }
    self.title = title
    block = lines[first].startIndex..<min(lines[last].endIndex + 1, file.count)
    switch title {
    case "OPENSSH PRIVATE KEY": form = .openSSH
    case "ENCRYPTED PRIVATE KEY": form = .pem(isEncrypted: true)
    default:
      let isEncrypted = lines[(first + 1)...].prefix(2).contains { $0.starts(with: "Proc-Type: 4,ENCRYPTED".utf8) }
      form = .pem(isEncrypted: isEncrypted)
    }
  }

  /// The reason why a file shows no private key.
  package enum Trouble: Error {
    /// The file is empty or ends before the key does, as while it is being replaced in place.
    case cutOff
    /// It holds something else.
    case noPrivateKey
  }

  private static func isPrivate(_ title: String) -> Bool {
    ["OPENSSH PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"].contains(title)
  }

  /// Returns true if the file may be the beginning of a key: nothing, a part of the first title, or a curve's
  /// parameters.
  private static func isBeginning(_ lines: [KeyFileText.Line], of file: UnsafeRawBufferPointer) -> Bool {
    guard let line = lines.first(where: { !$0.isEmpty }) else { return true }
    if line.starts(with: "-----BEGIN ".utf8), KeyFileText.title(line) == nil { return true }
    return KeyFileText.title(line) == "EC PARAMETERS" || "-----BEGIN ".utf8.starts(with: line)
  }
}
