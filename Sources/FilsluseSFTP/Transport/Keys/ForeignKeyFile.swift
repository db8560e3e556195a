internal import FilsluseBase

/// Names the content of a file without a private key in OpenSSH's or PEM form, and the remedy.
enum ForeignKeyFile {
  /// A sentence for the file's content.
  static func advice(on file: UnsafeRawBufferPointer) -> MessageText {
    if file.starts(with: [0xFF, 0xFE]) || file.starts(with: [0xFE, 0xFF]) {
      return MessageText(
        "it is UTF-16 text; write it anew as plain text: iconv -f UTF-16 -t ASCII FILE > KEY",
        "den er tekst i UTF-16; skriv den om til almindelig tekst: iconv -f UTF-16 -t ASCII FIL > NØGLE")
    }
    // DER, and PKCS#12 inside it: a sequence with its length in one or two bytes.
    if file.count > 4, file[0] == 0x30, file[1] >= 0x81, file[1] <= 0x82 {
      return MessageText(
        "it is a binary form (DER or PKCS#12); convert it: openssl pkey -inform DER -in FILE -out KEY, or openssl pkcs12 -in FILE -nocerts -out KEY",
        "den er på en binær form (DER eller PKCS#12); lav den om: openssl pkey -inform DER -in FIL -out NØGLE eller openssl pkcs12 -in FIL -nocerts -out NØGLE"
      )
    }
    let lines = KeyFileText.lines(of: file)
    guard let line = lines.first(where: { !$0.isEmpty }).map({ String(decoding: $0.prefix(200), as: UTF8.self) }) else {
      return MessageText("it is empty", "den er tom")
    }
    return advice(onLine: line)
      ?? MessageText(
        "it holds no private key in OpenSSH's or PEM form", "den har ingen privat nøgle på OpenSSH's form eller som PEM"
      )
  }

  private static func advice(onLine line: String) -> MessageText? {
    if line.hasPrefix("PuTTY-User-Key-File-") {
      return MessageText(
        "it is PuTTY's .ppk form; convert it: puttygen FILE -O private-openssh -o KEY",
        "den er på PuTTYs form .ppk; lav den om: puttygen FIL -O private-openssh -o NØGLE")
    }
    if line.hasPrefix("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY") {
      return MessageText(
        "it is the form of ssh.com; convert it: ssh-keygen -i -f FILE > KEY",
        "den er på ssh.coms form; lav den om: ssh-keygen -i -f FIL > NØGLE")
    }
    if line.hasPrefix("---- BEGIN SSH2 PUBLIC KEY") { return publicHalf }
    if line.hasPrefix("SSH PRIVATE KEY FILE FORMAT 1") {
      return MessageText(
        "it is a key for SSH version 1, which no server takes; ",
        "den er en nøgle til SSH version 1, som ingen server bruger; ") + newKey
    }
    if line.hasPrefix("-----BEGIN ") { return advice(onTitle: line) }
    return advice(onPublicLine: line)
  }

  private static func advice(onTitle line: String) -> MessageText? {
    if line.contains(" DSA PRIVATE KEY") { return dsa }
    if line.contains(" PGP ") {
      return MessageText("it is a PGP key, which is no SSH key; ", "den er en PGP-nøgle og ingen SSH-nøgle; ") + newKey
    }
    if line.contains(" CERTIFICATE") {
      return MessageText(
        "it is an X.509 certificate; name the file with the private key that belongs to it",
        "den er et X.509-certifikat; angiv filen med den private nøgle, der hører til")
    }
    return line.contains(" PUBLIC KEY") ? publicHalf : nil
  }

  /// A line as in `.pub` files and authorized_keys: type, base 64, comment.
  private static func advice(onPublicLine line: String) -> MessageText? {
    guard let type = line.split(separator: " ", maxSplits: 1).first.map(String.init) else { return nil }
    guard ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].contains(where: type.hasPrefix) else { return nil }
    return type.contains("-cert-v01@") ? certificate : publicHalf
  }

  private static let publicHalf = MessageText(
    "it is the public half of a key; name the file with the private half (the same name without .pub)",
    "den er den offentlige del af en nøgle; angiv filen med den private del (samme navn uden .pub)")

  private static let certificate = MessageText(
    "it is an SSH certificate, which is not supported; have the public key itself registered with the server and name the private key",
    "den er et SSH-certifikat, som ikke understøttes; få selve den offentlige nøgle registreret hos serveren, og angiv den private nøgle"
  )

  private static let newKey = MessageText(
    "make a new one: ssh-keygen -t ed25519 -f KEY", "lav en ny: ssh-keygen -t ed25519 -f NØGLE")

  private static let dsa =
    MessageText(
      "it is a DSA key, which servers no longer take; ", "den er en DSA-nøgle, som servere ikke bruger mere; ")
    + newKey

  /// Says why a key of this type, as its file names it, cannot be used.
  static func advice(onType type: String) -> MessageText {
    let name = PrintableName.text(Array(type.utf8))
    switch type {
    case "ssh-dss", "DSA": return dsa
    case _ where type.contains("-cert-v01@"): return certificate
    case _ where type.hasPrefix("sk-"):
      return MessageText(
        "it is a key in a FIDO security key (\(name)), which wants a touch for each login; ",
        "den ligger i en FIDO-sikkerhedsnøgle (\(name)), som skal røres ved hvert login; ") + newKey
    default:
      return MessageText("keys of type \(name) are not supported; ", "nøgler af typen \(name) understøttes ikke; ")
        + newKey
    }
  }
}
