import ArgumentParser
import FoundationEssentials
import SystemPackage
import TriggerFiles

/// `filsluse-bench documents`: reading, writing and auditing small files, beside Python's validators.
struct DocumentBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "documents", abstract: "Measure reading, validating, writing and auditing documents on one core.",
    discussion: """
      Every reader opens the same files and validates each; start-up and the schema's own reading are not timed. \
      Python's lxml and xmlschema take part where they are installed; FILSLUSE_PYTHON names another python3.
      """)

  @Option(help: "How many metadata files are read, and triggers written.")
  var documents = 20_000

  @Option(help: ArgumentHelp("How much text is audited.", valueName: "MiB"))
  var text = 1024

  @Option(help: "How many rounds; the median counts.")
  var rounds = 3

  func validate() throws {
    guard documents > 0, text > 0, rounds > 0 else { throw ValidationError("every number is at least 1") }
  }

  func run() async throws {
    let scratch = FilePath(FileManager.default.temporaryDirectory.path)
      .appending("filsluse-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: scratch.string) }
    let files = try DocumentFiles(in: scratch, count: documents)

    print("Medians of \(rounds) rounds, one core.\n")
    try show("metadata read and validated, from files", unit: "files/s", amount: documents) {
      for file in files.metadata { _ = try FileMetadata(reading: try DocumentFiles.read(file)) }
    }
    for peer in PythonPeer.allCases { try await show(peer, files) }
    var written = 0
    try show("triggers built and written, in memory", unit: "files/s", amount: documents) {
      for number in 0..<documents { written += try DocumentFiles.trigger(number).xml().count }
    }
    try show("triggers built and written, to files", unit: "files/s", amount: documents) {
      for number in 0..<documents {
        try DocumentFiles.write(try DocumentFiles.trigger(number).xml(), scratch.appending("\(number).trigger"))
      }
    }
    try await AuditBench(in: scratch, mebibytes: text, rounds: rounds).run()
  }

  private func show(_ title: String, unit: String, amount: Int, _ work: () throws -> Void) throws {
    let seconds = try (0..<rounds).map { _ in
      let start = ContinuousClock.now
      try work()
      return (ContinuousClock.now - start) / .seconds(1)
    }
    Self.show(title, unit: unit, Double(amount) / seconds.median)
  }

  private func show(_ peer: PythonPeer, _ files: DocumentFiles) async throws {
    guard let seconds = try await peer.seconds(for: files, rounds: rounds) else {
      print("  \(peer.title): not installed")
      return
    }
    Self.show(peer.title, unit: "files/s", Double(min(files.metadata.count, peer.most)) / seconds.median)
  }

  static func show(_ title: String, unit: String, _ figure: Double) {
    print("  \(title): \(figure.isFinite ? Int(figure.rounded()) : 0) \(unit)")
  }
}

extension [Double] {
  var median: Double {
    let sorted = self.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }
}
