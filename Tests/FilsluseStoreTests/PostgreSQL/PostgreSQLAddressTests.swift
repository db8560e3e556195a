import FilsluseBase
import PlatformFixture
import Testing

@testable import FilsluseStore

@Suite(.timeLimit(.minutes(25))) struct PostgreSQLAddressTests {
  @Test("an address shows user, host and database, and no password in any way of printing it")
  func showsNoPassword() throws {
    let texts = [
      "postgresql://filsluse:hemmelig@db.example.dk:5433/journal?sslmode=verify-full",
      "host=db.example.dk port=5433 user=filsluse dbname=journal password=hemmelig",
      "postgresql://filsluse@db.example.dk:5433/journal?password=hemmelig&sslpassword=hemmelig",
    ]
    for text in texts {
      let address = try PostgreSQLAddress(text)
      #expect(address.description == "postgresql://filsluse@db.example.dk:5433/journal")
      var dumped = ""
      dump(address, to: &dumped)
      for shown in ["\(address)", String(reflecting: address), dumped] { #expect(!shown.contains("hemmelig")) }
    }
    #expect(try PostgreSQLAddress("host=/run/pg dbname=journal").description == "postgresql://[/run/pg]/journal")
    #expect(try PostgreSQLAddress("postgresql:///?service=drift").description == "postgresql:///?service=drift")
  }

  @Test(
    "an address that cannot be read is refused without being quoted",
    arguments: [
      "postgresql://filsluse:hemmelig@db.example.dk:5433/journal?hemmelig", "hemmelig", "host='hemmelig",
      "mysql://filsluse:hemmelig@db.example.dk/journal", "postgresql://filsluse:hemmelig%zz@db.example.dk/journal",
      "postgresql://db.example.dk/journal?unknown=hemmelig", "dbname=journal\0 password=hemmelig",
    ])
  func refusesUnreadable(text: String) throws {
    let error = try #require(throws: StoreError.self) { try PostgreSQLAddress(text) }
    #expect(error.cause == .unsuitable)
    #expect(!error.mayTryAgain)
    for shown in [error.message, "\(error.remedy)", String(reflecting: error)] { #expect(!shown.contains("hemmelig")) }
  }

  @Test(
    "a server elsewhere is refused unless it must prove who it is",
    arguments: [
      ("db.example.dk", nil, nil), ("db.example.dk", nil, "disable"), ("db.example.dk", nil, "require"),
      ("db.example.dk", nil, "verify-ca"), ("192.0.2.1", nil, "prefer"), ("localhost", "192.0.2.1", "require"),
      ("localhost,db.example.dk", nil, "require"), (nil, "::2", nil), ("127.0.0.1.example.dk", nil, "require"),
      ("127.1", nil, "require"), ("localhost.example.dk", nil, nil),
    ] as [(String?, String?, String?)])
  func refusesWeakEncryption(host: String?, address: String?, mode: String?) throws {
    var options: [String: String] = [:]
    options["host"] = host
    options["hostaddr"] = address
    options["sslmode"] = mode
    let refusal = try #require(TransportRule.refusal(of: options))
    #expect(refusal.cause == .unsuitable)
    #expect("\(refusal.remedy)".contains("sslmode=verify-full"))
    options["sslmode"] = "verify-full"
    #expect(TransportRule.refusal(of: options) == nil)
  }

  @Test(
    "this machine needs no encryption",
    arguments: [
      (nil, nil), ("/run/postgresql", nil), ("@abstract", nil), ("localhost", nil), ("LOCALHOST", nil),
      ("127.0.0.1", nil), ("127.3.2.1", nil), ("::1", nil), ("db.example.dk", "127.0.0.1"),
      ("/run/postgresql,localhost", nil),
    ] as [(String?, String?)])
  func letsLocalServersBe(host: String?, address: String?) {
    var options = ["sslmode": "disable"]
    options["host"] = host
    options["hostaddr"] = address
    #expect(TransportRule.refusal(of: options) == nil)
  }

  @Test("the rule holds before anything is sent, and for what the environment or a service adds")
  func refusesBeforeConnecting() async throws {
    for text in [
      "host=db.invalid dbname=journal", "postgresql://filsluse:hemmelig@192.0.2.1/journal?sslmode=require",
      "hostaddr=192.0.2.1 sslmode=verify-ca",
    ] {
      let address = try PostgreSQLAddress(text)
      // Looking up the name or connecting would end otherwise, and later.
      let error = try #require(throws: StoreError.self) { try PostgreSQLConnection(address) }
      #expect(error.cause == .unsuitable)
      #expect(error.message.contains("another machine"))
      #expect(!"\(error)".contains("hemmelig"))
    }
  }

  @Test(
    "a value that libpq refuses is a fault of the address, and no server is waited for",
    arguments: [
      ("postgresql://localhost/journal?sslmode=verify_full", "write sslmode=verify-full"),
      ("postgresql://localhost:99999/journal", "correct it"), ("host=localhost port=5432,0", "correct it"),
      ("host=localhost port=x", "correct it"),
    ])
  func refusesValues(text: String, remedy: String) async throws {
    let address = try PostgreSQLAddress(text)
    let error = try #require(throws: StoreError.self) { try PostgreSQLConnection(address) }
    #expect(error.cause == .unsuitable && !error.mayTryAgain)
    #expect("\(error.remedy)".contains(remedy))
  }

  @Test("libpq's words are shown in one line, without tabs and codes")
  func readsWords() {
    let words = """
      connection to server at "127.0.0.1", port 1 failed: Connection refused
      \tIs the server running on that host and accepting TCP/IP connections?
      connection to server at "::1", port 1 failed: FATAL:  28P01: password authentication failed
      LOCATION:  auth_failed, auth.c:329
      """
    let expected = """
      connection to server at "127.0.0.1", port 1 failed: Connection refused; \
      Is the server running on that host and accepting TCP/IP connections?; \
      connection to server at "::1", port 1 failed: FATAL: password authentication failed
      """
    #expect(RefusalWords.readable(words) == expected)
    #expect(RefusalWords.code(in: words) == "28P01")
  }

  @Test("where no server listens the connection is refused, and may be tried again")
  func isUnreachable() async throws {
    try await withScratchFolder { folder in
      let address = try PostgreSQLAddress("host='\(folder)' dbname=journal password=hemmelig")
      let error = try #require(throws: StoreError.self) { try PostgreSQLConnection(address) }
      #expect(error.cause == .unreachable)
      #expect(error.operation == "connect")
      #expect(error.mayTryAgain)
      #expect(!"\(error)".contains("hemmelig"))
    }
  }
}
