import FilsluseBase
import Testing

@Suite struct SHA256Tests {
  @Test("digests known input")
  func digestsKnownInput() {
    #expect(
      SHA256.digest(of: Array("abc".utf8)).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(SHA256.digest(of: []).unpaddedBase64 == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")
  }

  @Test("hashing in pieces gives the same digest, and the hash is reset")
  func piecesGiveTheSameDigestAndTheHashStartsAnew() {
    var hash = SHA256()
    for byte in Array("abc".utf8) { hash.update([byte]) }
    let first = hash.finish()
    hash.update(Array("abc".utf8))
    #expect(first == SHA256.digest(of: Array("abc".utf8)))
    #expect(hash.finish() == first)
  }

  @Test("reads its own hexadecimal, and refuses anything else")
  func readsItsOwnHexadecimalAndNothingElse() {
    let digest = SHA256.digest(of: [1, 2, 3])
    #expect(SHA256Digest(hex: digest.hex) == digest)
    #expect(SHA256Digest(hex: String(digest.hex.dropLast())) == nil)
    #expect(SHA256Digest(hex: String(repeating: "g", count: 64)) == nil)
  }
}
