import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

/// Measures the search for InfRefs in text: by the scanner alone, and by the command over files in a warm cache
/// and over one log in which every line has a name.
struct AuditBench {
  private static let pieceBytes = 16 << 20

  private let scratch: FilePath
  private let pieces: Int
  private let rounds: Int

  init(in scratch: FilePath, mebibytes: Int, rounds: Int) {
    self.scratch = scratch
    pieces = max(1, (mebibytes << 20) / Self.pieceBytes)
    self.rounds = rounds
  }

  func run() async throws {
    let text = Self.text()
    let scanner = InfRefScanner(surroundings: .prose)
    var found = 0
    let alone = (0..<rounds).map { _ in
      let start = ContinuousClock.now
      for _ in 0..<pieces { found += scanner.occurrences(in: text).count }
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let megabytes = Double(pieces * text.count) / 1e6
    DocumentBench.show(
      "text scanned in memory, \(found / rounds) names in \(Int(megabytes)) MB", unit: "MB/s",
      megabytes / alone.median)
    try await runCommand(on: text, megabytes)
    try await runCommandOnNames()
  }

  /// The command over one log in which every line has a name, one in four of them a wrong one.
  private func runCommandOnNames() async throws {
    guard let command = BuiltProducts.command else { return }
    let log = scratch.appending("names.log")
    let text = Self.names()
    let file = try SystemPackage.FileDescriptor.open(
      log, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try file.closeAfter {
      for _ in 0..<pieces { try file.writeAll(text) }
    }
    let output = try await Tool.run([
      Tool.python, "-c", Self.measure, command.string, "infref", "audit", log.string,
    ])
    let megabytes = Int(Double(pieces * text.count) / 1e6)
    let title = "filsluse infref audit over one log of \(megabytes) MB full of names"
    print("  \(title): \(output)", terminator: "")
    try FileManager.default.removeItem(atPath: log.string)
  }

  /// Runs a command, which may find faults, and says how long it took and how much memory it had at most.
  private static let measure = """
    import resource, subprocess, sys, time
    begin = time.monotonic()
    status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    seconds, used = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if status not in (0, 65): sys.exit(f"exit status {status}")
    print(f"{seconds:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of CPU, {used.ru_maxrss / 1024:.0f} MiB, "
          f"exit status {status}")
    """

  private static func names() -> [UInt8] {
    let lines = [
      "2026-11-21T04:00:01Z INFO sendt InfRef=FagsystemdefineredeDataRefGDPR1203_1 ok\n",
      "2026-11-21T04:00:02Z INFO modtaget InfRef=SortimentOverfør_1 fra fk-kla\n",
      "2026-11-21T04:00:03Z WARN ukendt InfRef=FagsystemdefineredeDataRefGDPR1203_1x afvist\n",
      "2026-11-21T04:00:04Z DEBUG FagsystemdefineredeDataRefGDPR1203_1 venter på kvittering\n",
    ].map { Array($0.utf8) }
    var text: [UInt8] = []
    text.reserveCapacity(pieceBytes)
    while text.count < pieceBytes - 512 { for line in lines { text += line } }
    return text
  }

  private func runCommand(on text: [UInt8], _ megabytes: Double) async throws {
    let folder = scratch.appending("text")
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
    for piece in 0..<pieces { try DocumentFiles.write(text, folder.appending("\(piece).log")) }
    guard let command = BuiltProducts.command else {
      print("  filsluse infref audit: not measured; build the product filsluse first")
      return
    }
    var seconds: [Double] = []
    // The first round warms the cache and is not counted.
    for round in 0...rounds {
      let start = ContinuousClock.now
      try await Tool.runSilently([command.string, "infref", "audit", folder.string])
      if round > 0 { seconds.append((ContinuousClock.now - start) / .seconds(1)) }
    }
    DocumentBench.show("filsluse infref audit over the same in files", unit: "MB/s", megabytes / seconds.median)
  }

  /// A log as systems write it: Danish words, times, and here and there a good InfRef.
  private static func text() -> [UInt8] {
    let lines = [
      "2026-11-21T04:00:01.123Z INFO dk.firma.fagsystem.Udtraek - Fil udtræk_0101.csv er dannet på 3,2 s\n",
      "2026-11-21T04:00:02.456Z DEBUG dk.firma.fagsystem.Transport - conference sortering af kontoversigt færdig\n",
      "2026-11-21T04:00:03.789Z WARN dk.firma.fagsystem.Ydelse - borgeren har ingen adresse i kommunen, springer over\n",
      "{\"tid\":\"2026-11-21T04:00:04Z\",\"niveau\":\"info\",\"besked\":\"afsendt\",\"bytes\":123456,\"fil\":\"a/b/c.xml\"}\n",
    ].map { Array($0.utf8) }
    let named = Array("2026-11-21T04:00:05Z INFO sendt InfRef=FagsystemdefineredeDataRefGDPR1203_1 ok\n".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(pieceBytes)
    var number = 0
    while text.count < pieceBytes - 256 {
      text += number.isMultiple(of: 1000) ? named : lines[number % lines.count]
      number += 1
    }
    return text
  }
}
