import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct TriggerCommandTests {
  private static let sample = TestFiles.repository.appending("Samples/filsluse.yaml").string
  private static let routing = [
    "--sender", "fk-kla", "--sender-it-system", "0d8a7a5c-1111-4222-8333-444455556666", "--sender-authority",
    "19435075", "--recipient-authority", "19435075",
  ]

  private static func run(_ arguments: [String]) async throws -> (BuiltCommand.Outcome, written: String?) {
    try await withScratchFolder { folder in
      try TestFiles.write("a;b\n", to: folder.appending("udtræk_0101.csv"))
      let outcome = try await BuiltCommand.run(["trigger"] + arguments, in: folder)
      let written = try? FileDescriptor.open(folder.appending("out.trigger"), .readOnly)
      let text = try written?.closeAfter {
        try String(unsafeUninitializedCapacity: 4096) {
          try written?.read(into: UnsafeMutableRawBufferPointer($0)) ?? 0
        }
      }
      return (outcome, text)
    }
  }

  @Test("writes the trigger of a route")
  func writesTheTriggerOfARoute() async throws {
    let arguments = ["--file", "udtræk_0101.csv", "--route", "flis-0101", "--config", Self.sample]
    let (shown, _) = try await Self.run(arguments)
    #expect(shown.status == 0, "\(shown)")
    #expect(shown.output.contains("<FileName>udtræk_0101.csv</FileName>\n    <SizeInBytes>4</SizeInBytes>"))
    #expect(shown.output.contains("<InfRef>FagsystemdefineredeDataRefGDPR1203_1</InfRef>"))
    let (outcome, written) = try await Self.run(arguments + ["-o", "out.trigger"])
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    #expect(try #require(written).hasSuffix("</ns2:Trigger>\n"))
  }

  @Test("the written trigger passes inspection")
  func whatItWritesPassesInspection() async throws {
    try await withScratchFolder { folder in
      try TestFiles.write("a;b\n", to: folder.appending("data.xml"))
      let options = Self.routing.joined(separator: " ")
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)' && $0 trigger --file data.xml --infref SortimentOverfør_1 \(options) \
        --recipient-it-system 0d8a7a5c-1111-4222-8333-444455557777 | $0 inspect - --as trigger
        """)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.contains("size:           4 bytes\n"))
    }
  }

  @Test("refuses a trigger that could not be sent")
  func refusesWhatCannotBeSent() async throws {
    let data = ["--file", "udtræk_0101.csv"]
    for (arguments, code) in [
      (["--infref", "SortimentOverfør_1"] + Self.routing, "unfit-route"),
      (["--infref", "SF7002"] + Self.routing, "unfit-inf-ref"),
      (["--infref", "Egen_1"] + Self.routing, "unfit-inf-ref"),
      (["--recipient", "flis", "--sender", "a", "--name", "a.trigger"], "unfit-file-name"),
      (["--recipient", "ROUTING_V1_0_0", "--sender", "a"], "unfit-route"),
    ] {
      let (outcome, written) = try await Self.run(data + arguments + ["-o", "out.trigger"])
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
      #expect(written == nil)
    }
    let (declared, _) = try await Self.run(data + ["--infref", "Egen_1", "--declared"] + Self.routing)
    #expect(declared.status == 0, "\(declared)")
    #expect(try await Self.run(["--file", "borte.csv", "--recipient", "a", "--sender", "b"]).0.status == 66)
    let (route, _) = try await Self.run(data + ["--route", "nope", "--config", Self.sample])
    #expect(route.status == 78)
    #expect(route.errors.contains("use one of: "))
  }
}
