import SeededNumbers
import Testing

@testable import FilsluseSFTP

@Suite struct AlgorithmTests {
  /// The first bytes from a server: greeting lines, its banner, and the algorithms it offers.
  private var opening: [UInt8] { opening(of: lists) }

  /// Key exchange, host keys, ciphers and MACs in either direction.
  private let lists = [
    "curve25519-sha256", "ssh-ed25519,rsa-sha2-512", "aes256-gcm@openssh.com", "aes128-ctr", "umac-64@openssh.com",
    "umac-64@openssh.com",
  ]

  private func opening(of lists: [String]) -> [UInt8] {
    let payload: [UInt8] = [20] + [UInt8](repeating: 7, count: 16) + lists.flatMap { string($0) }
    let packet = withUnsafeBytes(of: UInt32(payload.count + 1).bigEndian, Array.init) + [0] + payload
    return Array("Velkommen\r\nSSH-2.0-OpenSSH_9.2\r\n".utf8) + packet
  }

  @Test("reads the algorithms that the server offers")
  func readsWhatTheServerOffers() {
    let offer = ServerOffer(opening: opening)
    #expect(offer?.keyExchange == ["curve25519-sha256"])
    #expect(offer?.hostKeys == ["ssh-ed25519", "rsa-sha2-512"])
    #expect(offer?.ciphers == ["aes256-gcm@openssh.com"])
    #expect(offer?.ciphersBack == ["aes128-ctr"])
    #expect(offer?.macs == ["umac-64@openssh.com"])
  }

  /// The offer of a client whose libssh2 is like 1.10.
  private func offer(hostKeys: [String] = Algorithms.hostKeys) -> ClientOffer {
    ClientOffer(hostKeys: hostKeys) { _, names in
      names.filter { !$0.contains("gcm") && !$0.contains("etm") && !$0.contains("poly") && !$0.hasPrefix("rsa") }
    }
  }

  @Test("names only the classes without overlap, what either side has, and whether 1.11 would help")
  func mismatch() {
    let error = AlgorithmMismatch.error(offering: offer(), opening: opening)
    let (text, danish) = (error.description, error.inDanish)
    #expect(text.contains("no MAC in common: the server has umac-64@openssh.com, and this client hmac-sha2-256"))
    #expect(text.contains("no cipher in common towards the server: the server has aes256-gcm@openssh.com,"))
    #expect(!text.contains("etm") && !text.contains("host key") && !text.contains("key exchange"), "\(text)")
    #expect(text.count < 500 && text.contains("would not help"), "\(text)")
    #expect(danish.contains("ingen fælles MAC: serveren har umac-64@openssh.com, og denne klient hmac-sha2-256"))
    #expect(danish.contains("ingen fælles kryptering hen mod serveren: serveren har aes256-gcm@openssh.com,"))
    #expect(!danish.contains("værtsnøgle") && danish.contains("og en nyere hjælper ikke"), "\(danish)")
    #expect(AlgorithmMismatch.error(offering: offer(), opening: []).code == .noCommonAlgorithm)
  }

  @Test("says so where a later libssh2 would help, and which host keys known_hosts asks for")
  func help() {
    var lists = lists
    lists[1] = "rsa-sha2-512"
    lists[2] = "aes128-ctr"
    (lists[4], lists[5]) = ("hmac-sha2-256", "hmac-sha2-256")
    let error = AlgorithmMismatch.error(
      offering: offer(hostKeys: ["ssh-ed25519", "rsa-sha2-512"]), opening: opening(of: lists), knownBy: "known_hosts")
    #expect(error.description.contains("this client ssh-ed25519 (the types that known_hosts has)"), "\(error)")
    #expect(
      Algorithms.isLibraryRecent || error.description.contains("1.11 would help: it has rsa-sha2-512"), "\(error)")
    lists[1] = (0..<500).map { "a-\($0)" }.joined(separator: ",")
    let long = AlgorithmMismatch.error(offering: offer(), opening: opening(of: lists))
    #expect(long.description.count < 600 && long.description.contains("and 492 more"), "\(long)")
    #expect(long.inDanish.contains(" og 492 til"), "\(long.inDanish)")
  }

  @Test("survives mutations")
  func survivesMutations() {
    var noise = SeededGenerator(seed: 9)
    for _ in 0..<5000 {
      var changed = opening
      for _ in 0..<3 {
        changed[Int.random(in: 0..<changed.count, using: &noise)] = UInt8.random(in: 0...255, using: &noise)
      }
      changed.removeLast(Int.random(in: 0...changed.count, using: &noise))
      _ = AlgorithmMismatch.error(offering: offer(), opening: changed)
    }
  }

  @Test("offers no weak algorithm")
  func nothingWeakIsOffered() {
    let all = Algorithms.keyExchange + Algorithms.hostKeys + Algorithms.ciphers + Algorithms.macs
    for weak in ["sha1", "cbc", "3des", "arcfour", "ssh-dss", "ssh-rsa", "group1-", "md5", "none"] {
      #expect(!all.contains { $0.contains(weak) }, "\(weak)")
    }
  }

  @Test("divides the requests in flight of one transfer among several")
  func transfersShareWhatOneAloneWouldUse() async throws {
    let uploads = FairShare(of: 64)
    #expect(uploads.share == 64)
    try await uploads.whileTaking { () async throws(SFTPError) in
      #expect(uploads.share == 64)
      try await uploads.whileTaking { () async throws(SFTPError) in #expect(uploads.share == 32) }
    }
    #expect(uploads.share == 64)
  }
}
