internal import FilsluseBase

/// The reason why a key cannot be used, worded to follow its name, with the remedy where one is known.
struct KeyTrouble: Sendable, Equatable {
  let message: MessageText
  let remedy: MessageText?

  init(_ english: String, _ danish: String, remedy: MessageText? = nil) {
    message = MessageText(english, danish)
    self.remedy = remedy
  }
}

/// Names the content of a file without a private key in OpenSSH's or PEM form, and the remedy.
enum ForeignKeyFile {
  /// A sentence for the file's content, cleaned of additions by editors.
  static func advice(on file: UnsafeRawBufferPointer) -> KeyTrouble {
    if file.starts(with: [0xFF, 0xFE]) || file.starts(with: [0xFE, 0xFF]) {
      return KeyTrouble(
        "it is UTF-16 text", "den er tekst i UTF-16",
        remedy: MessageText(
          "write it anew as plain text: iconv -f UTF-16 -t ASCII FILE > KEY",
          "skriv den om til almindelig tekst: iconv -f UTF-16 -t ASCII FIL > NØGLE"))
    }
    // DER, and PKCS#12 inside it: a sequence with its length in one or two bytes.
    if file.count > 4, file[0] == 0x30, file[1] >= 0x81, file[1] <= 0x82 {
      return KeyTrouble(
        "it is a binary form (DER or PKCS#12)", "den er på en binær form (DER eller PKCS#12)",
        remedy: MessageText(
          "convert it: openssl pkey -inform DER -in FILE -out KEY, or openssl pkcs12 -in FILE -nocerts -out KEY",
          "lav den om: openssl pkey -inform DER -in FIL -out NØGLE eller openssl pkcs12 -in FIL -nocerts -out NØGLE"))
    }
    let lines = KeyFileText.lines(of: file)
    guard let line = lines.first(where: { !$0.isEmpty }).map({ String(decoding: $0.prefix(200), as: UTF8.self) }) else {
      return KeyTrouble("it is empty", "den er tom")
    }
    return advice(onLine: line)
      ?? KeyTrouble(
        "it holds no private key in OpenSSH's or PEM form", "den har ingen privat nøgle på OpenSSH's form eller som PEM"
      )
  }

  private static func advice(onLine line: String) -> KeyTrouble? {
    if line.hasPrefix("PuTTY-User-Key-File-") {
      return KeyTrouble(
        "it is PuTTY's .ppk form", "den er på PuTTYs form .ppk",
        remedy: MessageText(
          "convert it: puttygen FILE -O private-openssh -o KEY", "lav den om: puttygen FIL -O private-openssh -o NØGLE")
      )
    }
    if line.hasPrefix("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY") {
      return KeyTrouble(
        "it is the form of ssh.com", "den er på ssh.coms form",
        remedy: MessageText("convert it: ssh-keygen -i -f FILE > KEY", "lav den om: ssh-keygen -i -f FIL > NØGLE"))
    }
    if line.hasPrefix("---- BEGIN SSH2 PUBLIC KEY") { return publicHalf }
    if line.hasPrefix("SSH PRIVATE KEY FILE FORMAT 1") {
      return KeyTrouble(
        "it is a key for SSH version 1, which no server takes",
        "den er en nøgle til SSH version 1, som ingen server bruger", remedy: newKey)
    }
    if line.hasPrefix("-----BEGIN ") { return advice(onTitle: line) }
    return advice(onPublicLine: line)
  }

  private static func advice(onTitle line: String) -> KeyTrouble? {
    if line.contains(" DSA PRIVATE KEY") { return dsa }
    if line.contains(" PGP ") {
      return KeyTrouble(
        "it is a PGP key, which is no SSH key", "den er en PGP-nøgle og ingen SSH-nøgle", remedy: newKey)
    }
    if line.contains(" CERTIFICATE") {
      return KeyTrouble(
        "it is an X.509 certificate", "den er et X.509-certifikat",
        remedy: MessageText(
          "name the file with the private key that belongs to it", "angiv filen med den private nøgle, der hører til"))
    }
    return line.contains(" PUBLIC KEY") ? publicHalf : nil
  }

  /// A line as in `.pub` files and authorized_keys: type, base 64, comment.
  private static func advice(onPublicLine line: String) -> KeyTrouble? {
    guard let type = line.split(separator: " ", maxSplits: 1).first.map(String.init) else { return nil }
    guard ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].contains(where: type.hasPrefix) else { return nil }
    return type.contains("-cert-v01@") ? certificate : publicHalf
  }

  private static let publicHalf = KeyTrouble(
    "it is the public half of a key", "den er den offentlige del af en nøgle",
    remedy: MessageText(
      "name the file with the private half (the same name without .pub)",
      "angiv filen med den private del (samme navn uden .pub)"))

  private static let certificate = KeyTrouble(
    "it is an SSH certificate, which is not supported", "den er et SSH-certifikat, som ikke understøttes",
    remedy: MessageText(
      "have the public key itself registered with the server and name the private key",
      "få selve den offentlige nøgle registreret hos serveren, og angiv den private nøgle"))

  private static let newKey = MessageText(
    "make a new one: ssh-keygen -t ed25519 -f KEY", "lav en ny: ssh-keygen -t ed25519 -f NØGLE")

  private static let dsa =
    KeyTrouble(
      "it is a DSA key, which servers no longer take", "den er en DSA-nøgle, som servere ikke bruger mere",
      remedy: newKey)

  /// Says why a key of this type, as its file names it, cannot be used.
  static func advice(onType type: String) -> KeyTrouble {
    let name = PrintableName.text(Array(type.utf8))
    switch type {
    case "ssh-dss", "DSA": return dsa
    case _ where type.contains("-cert-v01@"): return certificate
    case _ where type.hasPrefix("sk-"):
      return KeyTrouble(
        "it is a key in a FIDO security key (\(name)), which wants a touch for each login",
        "den ligger i en FIDO-sikkerhedsnøgle (\(name)), som skal røres ved hvert login", remedy: newKey)
    default:
      return KeyTrouble(
        "keys of type \(name) are not supported", "nøgler af typen \(name) understøttes ikke", remedy: newKey)
    }
  }
}
