import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing

@Suite struct SchemaIdentityTests {
  private static let identity = SchemaIdentity(applicationID: 77, version: 2, tables: ["kept", "other"])

  @Test(
    "an empty file is to be made, one of this schema is taken, any other is refused",
    arguments: [
      ("", nil), ("PRAGMA application_id = 77; PRAGMA user_version = 3", .ofVersion(3)),
      ("PRAGMA application_id = 77; PRAGMA user_version = 1", .ofVersion(1)),
      ("PRAGMA application_id = 78; PRAGMA user_version = 2", .foreign), ("PRAGMA user_version = 2", .foreign),
      ("CREATE TABLE kept (number INTEGER)", .foreign),
      ("CREATE TABLE kept (number INTEGER); CREATE TABLE other (number INTEGER)", .withoutVersion),
    ] as [(String, OtherSchema.Content?)])
  func tellsSchemas(script: String, refusal: OtherSchema.Content?) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("test.sqlite")
      let file = try SQLiteFile(writing: path)
      try file.run(script: "PRAGMA journal_mode = DELETE; \(script)")
      try file.close()
      if let refusal {
        #expect { try Self.identity.isMade(at: path) } throws: {
          guard let error = $0 as? OtherSchema else { return false }
          return error.expected == 2 && error.content == refusal
        }
        return
      }
      #expect(try !Self.identity.isMade(at: path))
      let database = try DurableDatabase(path, label: "test")
      try database.write { try Self.identity.create("CREATE TABLE kept (number INTEGER)", in: $0) }
      #expect(try database.read(Self.identity.isMade))
      #expect(try Self.identity.isMade(at: path))
      try database.close()
      #expect(try Self.identity.isMade(at: path))
    }
  }
}
