import SeededNumbers
import Testing

@testable import FilsluseSFTP

@Suite struct KeyFileTests {
  private func format(_ text: String) -> KeyFileFormat? {
    Array(text.utf8).withUnsafeBytes { KeyFileFormat($0) }
  }

  @Test(arguments: [
    ("EC PRIVATE KEY", KeyFileFormat.Kind.ecdsa, false), ("RSA PRIVATE KEY", .rsa, false),
    ("PRIVATE KEY", .unsaid, false), ("ENCRYPTED PRIVATE KEY", .unsaid, true),
  ])
  func tellsPEMFormsByTheirTitle(title: String, kind: KeyFileFormat.Kind, isEncrypted: Bool) {
    let found = format("-----BEGIN \(title)-----\r\nAAAA\r\n-----END \(title)-----\r\n")
    #expect(found?.kind == kind)
    #expect(found?.isEncrypted == isEncrypted)
    #expect(found?.isOpenSSH == false)
  }

  @Test func seesThatAPEMKeyIsEncrypted() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
    #expect(format(key)?.isEncrypted == true)
  }

  /// Beginnings only: what follows them in a file is the secret.
  @Test(arguments: [
    (
      "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACAA",
      KeyFileFormat.Kind.ed25519, false
    ),
    ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABlwAAAAdzc2gtcnNhAAAAAwEAAQAA", .rsa, false),
    ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS1zaGEyLW5pc3RwMjU2", .ecdsa, false),
    ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAdzc2gtZHNzAAAACAAAAAAA", .other("ssh-dss"), false),
  ])
  func readsTheClearPartOfOpenSSHsForm(text: String, kind: KeyFileFormat.Kind, isEncrypted: Bool) {
    let found = format("-----BEGIN OPENSSH PRIVATE KEY-----\n\(text)\n-----END OPENSSH PRIVATE KEY-----\n")
    #expect(found?.kind == kind)
    #expect(found?.isEncrypted == isEncrypted)
    #expect(found?.isOpenSSH == true)
  }

  @Test(arguments: [
    "", "not a key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA a@b", "-----BEGIN CERTIFICATE-----\nAAAA\n",
    "-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n",
  ])
  func refusesWhatIsNoPrivateKey(text: String) {
    #expect(format(text) == nil)
  }

  @Test func survivesDamagedRSAKeys() {
    var noise = SeededGenerator(seed: 5)
    let start = Array(
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAA".utf8)
    for round in 0..<2000 {
      let digits = (0..<round % 200).map { _ in Array("ABCDEFgh0123+/AAAA\n".utf8).randomElement(using: &noise) ?? 0x41
      }
      (start + digits).withUnsafeBytes { file in
        #expect(throws: RSAKey.Unusable.self) { try RSAKey(openSSH: file) }
        #expect(throws: RSAKey.Unusable.self) { try RSAKey(pem: file, passphrase: nil) }
      }
    }
  }
}
