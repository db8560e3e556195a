internal import FilsluseBase

/// Names the content of a file without a private key in OpenSSH's or PEM form, and the remedy.
enum ForeignKeyFile {
  /// A sentence for the file's content.
  static func advice(on file: UnsafeRawBufferPointer) -> String {
    if file.starts(with: [0xFF, 0xFE]) || file.starts(with: [0xFE, 0xFF]) {
      return "it is UTF-16 text; write it anew as plain text: iconv -f UTF-16 -t ASCII FILE > KEY"
    }
    // DER, and PKCS#12 inside it: a sequence with its length in one or two bytes.
    if file.count > 4, file[0] == 0x30, file[1] >= 0x81, file[1] <= 0x82 {
      return """
        it is a binary form (DER or PKCS#12); convert it: openssl pkey -inform DER -in FILE -out KEY, or \
        openssl pkcs12 -in FILE -nocerts -out KEY
        """
    }
    let lines = KeyFileText.lines(of: file)
    guard let line = lines.first(where: { !$0.isEmpty }).map({ String(decoding: $0.prefix(200), as: UTF8.self) }) else {
      return "it is empty"
    }
    return advice(onLine: line) ?? "it holds no private key in OpenSSH's or PEM form"
  }

  private static func advice(onLine line: String) -> String? {
    if line.hasPrefix("PuTTY-User-Key-File-") {
      return "it is PuTTY's .ppk form; convert it: puttygen FILE -O private-openssh -o KEY"
    }
    if line.hasPrefix("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY") {
      return "it is the form of ssh.com; convert it: ssh-keygen -i -f FILE > KEY"
    }
    if line.hasPrefix("---- BEGIN SSH2 PUBLIC KEY") { return publicHalf }
    if line.hasPrefix("SSH PRIVATE KEY FILE FORMAT 1") {
      return "it is a key for SSH version 1, which no server takes; \(newKey)"
    }
    if line.hasPrefix("-----BEGIN ") { return advice(onTitle: line) }
    return advice(onPublicLine: line)
  }

  private static func advice(onTitle line: String) -> String? {
    if line.contains(" DSA PRIVATE KEY") { return dsa }
    if line.contains(" PGP ") { return "it is a PGP key, which is no SSH key; \(newKey)" }
    if line.contains(" CERTIFICATE") {
      return "it is an X.509 certificate; name the file with the private key that belongs to it"
    }
    return line.contains(" PUBLIC KEY") ? publicHalf : nil
  }

  /// A line as in `.pub` files and authorized_keys: type, base 64, comment.
  private static func advice(onPublicLine line: String) -> String? {
    guard let type = line.split(separator: " ", maxSplits: 1).first.map(String.init) else { return nil }
    guard ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].contains(where: type.hasPrefix) else { return nil }
    return type.contains("-cert-v01@") ? "it is \(certificate)" : publicHalf
  }

  private static let publicHalf =
    "it is the public half of a key; name the file with the private half (the same name without .pub)"

  /// The remedy for an SSH certificate.
  static let certificate =
    "an SSH certificate, which is not supported; have the public key itself registered with the server and name the private key"

  private static let newKey = "make a new one: ssh-keygen -t ed25519 -f KEY"

  private static let dsa = "it is a DSA key, which servers no longer take; \(newKey)"

  /// Returns the reason why a key of this type, as named in its file, cannot be used.
  static func advice(onType type: String) -> String {
    switch type {
    case "ssh-dss", "DSA": dsa
    case _ where type.contains("-cert-v01@"): "it is \(certificate)"
    case _ where type.hasPrefix("sk-"):
      "it is a key in a FIDO security key (\(type)), which wants a touch for each login; \(newKey)"
    default: "keys of type \(PrintableName.text(Array(type.utf8))) are not supported; \(newKey)"
    }
  }
}
