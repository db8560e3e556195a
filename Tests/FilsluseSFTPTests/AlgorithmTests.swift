import SeededNumbers
import Testing

@testable import FilsluseSFTP

@Suite struct AlgorithmTests {
  /// What a server sends first: greeting lines, its banner, and the algorithms it offers.
  private var opening: [UInt8] {
    let lists = [
      "curve25519-sha256", "ssh-ed25519,rsa-sha2-512", "aes256-gcm@openssh.com", "aes128-ctr", "umac-64@openssh.com",
    ]
    let payload: [UInt8] = [20] + [UInt8](repeating: 7, count: 16) + lists.flatMap { string($0) }
    let packet = withUnsafeBytes(of: UInt32(payload.count + 1).bigEndian, Array.init) + [0] + payload
    return Array("Velkommen\r\nSSH-2.0-OpenSSH_9.2\r\n".utf8) + packet
  }

  @Test func readsWhatTheServerOffers() {
    let offer = ServerOffer(opening: opening)
    #expect(offer?.keyExchange == ["curve25519-sha256"])
    #expect(offer?.hostKeys == ["ssh-ed25519", "rsa-sha2-512"])
    #expect(offer?.ciphers == ["aes256-gcm@openssh.com"])
    #expect(offer?.macs == ["umac-64@openssh.com"])
  }

  @Test func aMismatchNamesBothSides() {
    let error = AlgorithmMismatch.error(offeringHostKeys: ["ssh-ed25519"], opening: opening)
    #expect(error.code == .noCommonAlgorithm)
    #expect(error.description.contains("MAC: server umac-64@openssh.com, client hmac-sha2-256"))
    #expect(error.description.contains("host key: server ssh-ed25519,rsa-sha2-512, client ssh-ed25519"))
    #expect(AlgorithmMismatch.error(offeringHostKeys: [], opening: []).code == .noCommonAlgorithm)
  }

  @Test func survivesMutations() {
    var noise = SeededGenerator(seed: 9)
    for _ in 0..<5000 {
      var changed = opening
      for _ in 0..<3 {
        changed[Int.random(in: 0..<changed.count, using: &noise)] = UInt8.random(in: 0...255, using: &noise)
      }
      changed.removeLast(Int.random(in: 0...changed.count, using: &noise))
      _ = AlgorithmMismatch.error(offeringHostKeys: [], opening: changed)
    }
  }

  @Test func nothingWeakIsOffered() {
    let all = Algorithms.keyExchange + Algorithms.hostKeys + Algorithms.ciphers + Algorithms.macs
    for weak in ["sha1", "cbc", "3des", "arcfour", "ssh-dss", "ssh-rsa", "group1-", "md5", "none"] {
      #expect(!all.contains { $0.contains(weak) }, "\(weak)")
    }
  }

  @Test func transfersShareWhatOneAloneWouldUse() async throws {
    let uploads = FairShare(of: 64)
    #expect(uploads.share == 64)
    try await uploads.whileTaking { () async throws(SFTPError) in
      #expect(uploads.share == 64)
      try await uploads.whileTaking { () async throws(SFTPError) in #expect(uploads.share == 32) }
    }
    #expect(uploads.share == 64)
  }
}
