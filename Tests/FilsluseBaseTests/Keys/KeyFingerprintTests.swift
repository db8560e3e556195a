import FilsluseBase
import Testing

@Suite struct KeyFingerprintTests {
  @Test("reads what it writes, with or without the padding of base 64")
  func readsWhatItWrites() {
    let fingerprint = KeyFingerprint(of: Array("a key".utf8))
    #expect(fingerprint.description == "SHA256:" + SHA256.digest(of: Array("a key".utf8)).unpaddedBase64)
    #expect(KeyFingerprint(text: fingerprint.description) == fingerprint)
    #expect(KeyFingerprint(text: "\(fingerprint)=") == fingerprint)
  }

  @Test(
    "reads nothing else",
    arguments: [
      "", "SHA256:", "MD5:aa", "SHA256:" + String(repeating: "A", count: 42),
      "SHA256:" + String(repeating: "å", count: 43), "SHA256:" + String(repeating: "B", count: 43),
    ])
  func readsNothingElse(text: String) {
    #expect(KeyFingerprint(text: text) == nil)
  }
}
