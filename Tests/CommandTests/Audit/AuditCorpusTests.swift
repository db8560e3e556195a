import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct AuditCorpusTests {
  private struct Report: Decodable {
    struct Entry: Decodable {
      let file: String
      let line: Int
      let place: String?
      let code: String?
      let verdict: String
    }
    let entries: [Entry]
    let notJudged: Int
  }

  /// Every text in every encoding, each file judged alone as in one run over all of them.
  @Test("judges every name of the corpus by its place, in every encoding")
  func judgesTheCorpus() async throws {
    let files = CorpusText.all.flatMap { text in CorpusEncoding.allCases.map { (text, $0) } }
      .filter { text, encoding in !text.name.hasSuffix(".eml") || encoding == .utf8 || encoding == .windows1252 }
    #expect(files.count >= 60)
    #expect(Set(CorpusText.all.flatMap(\.verdicts).map { $0.split(separator: " ")[1] }).subtracting(["-"]).count == 8)
    try await withScratchFolder("corpus") { folder in
      for (text, encoding) in files {
        let sub = folder.appending(encoding.rawValue)
        try FileManager.default.createDirectory(atPath: sub.string, withIntermediateDirectories: true)
        let written = text.text.replacing("encoding=\"UTF-8\"", with: "encoding=\"\(encoding.declared)\"")
        try TestFiles.write(encoding.bytes(of: written), to: sub.appending(text.name))
      }
      let outcome = try await BuiltCommand.run(["infref", "audit", folder.string, "--format", "json", "--all"])
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(report.notJudged == 0, "\(outcome.errors)")
      let found = report.entries.map { entry in
        let code = entry.code.map { " \($0)" } ?? ""
        return "\(entry.file.dropFirst(folder.string.utf8.count + 1)): \(entry.line) \(entry.place ?? "-") "
          + "\(entry.verdict)\(code)"
      }.sorted()
      let right = files.flatMap { text, encoding in
        text.verdicts.map { "\(encoding.rawValue)/\(text.name): \($0)" }
      }.sorted()
      #expect(Set(found).subtracting(right) == [], "found and not right")
      #expect(Set(right).subtracting(found) == [], "right and not found")
      #expect(found.count == right.count)
    }
  }

  @Test("names what it cannot judge, and does not report that as without findings")
  func namesWhatItCannotJudge() async throws {
    let cases: [(name: String, bytes: [UInt8], reason: String)] = [
      ("a.pdf", Array("%PDF-1.7 SortimentOverfor_1".utf8), "a PDF"),
      ("a.xlsx", [0x50, 0x4B, 0x03, 0x04] + Array("SortimentOverfor_1".utf8), "a zip"),
      ("a.zip", [0x50, 0x4B, 0x03, 0x04], "a zip"),
      ("a.csv.gz", [0x1F, 0x8B, 0x08, 0x00] + Array("SortimentOverfor_1".utf8), "not text: compressed by gzip"),
      ("a.7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C] + Array("SortimentOverfor_1".utf8), "not text: a 7z archive"),
      ("a.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "not text: a PNG image"),
      ("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0] + Array("SortimentOverfor_1".utf8), "not text: a JPEG image"),
      ("a.exe", Array("MZ".utf8) + [0x90, 0x00, 0x03, 0x00], "not text"),
      ("a.elf", [0x7F, 0x45, 0x4C, 0x46, 0x02, 0x01], "not text: a program"),
      ("a.bin", (0..<200).map { UInt8(truncatingIfNeeded: $0 * 151 + 7) | 1 }, "not text"),
      ("a.utf32", [0xFF, 0xFE, 0x00, 0x00, 0x53, 0x00, 0x00, 0x00], "text in UTF-32"),
      ("a.utf16", "SortimentOverfor_1".utf8.flatMap { [$0, 0x00] }, "not text"),
      ("a.doc", [0xD0, 0xCF, 0x11, 0xE0], "an old Office document"),
      ("a.log", Array("x\n".utf8) + [UInt8](repeating: 0, count: 20), "not text"),
      ("filsluse.yaml", Array("routes:\n  a: {\n".utf8), "settings that cannot be read"),
      ("andre.yml", Array("routes:\n  a: 'x\naccounts:\n".utf8), "settings that cannot be read"),
    ]
    for (name, bytes, reason) in cases {
      try await withScratchFolder("audit") { folder in
        try TestFiles.write(bytes, to: folder.appending(name))
        let outcome = try await BuiltCommand.run(["infref", "audit", "."], in: folder)
        #expect(outcome.status == 65, "\(name): \(outcome)")
        #expect(outcome.errors.contains("filsluse: ./\(name) is not judged: \(reason)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("1 not judged\n"), "\(outcome.errors)")
      }
    }
  }

  @Test("names a folder and a file that it has no right to read, and ends with 66")
  func namesWhatItMayNotRead() async throws {
    let outcome = try await BuiltCommand.shell(
      """
      # Another user reaches no folder of this run's own.
      folder=$(mktemp -d /tmp/filsluse-audit-XXXXXX) && trap 'rm -rf "$folder"' EXIT && cd "$folder" || exit 98
      mkdir shut && echo SortimentOverfor_1 > shut/a.txt && echo x > own.txt && chmod 0 own.txt shut
      # Root may read everything: another user is asked for where that is possible.
      if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups true && chmod 755 . || exit 99
        setpriv --reuid=65534 --regid=65534 --clear-groups "$0" infref audit "$PWD"
      else "$0" infref audit "$PWD"; fi; status=$?; chmod 700 own.txt shut; exit $status
      """)
    if outcome.status == 99 { return }
    #expect(outcome.status == 66, "\(outcome)")
    for name in ["own.txt", "shut"] { #expect(outcome.errors.contains("/\(name) is not judged: "), "\(outcome)") }
    #expect(outcome.errors.contains(" 2 not judged\n"), "\(outcome.errors)")
  }

  @Test("names files without end or size, files that change while read, and mails of 100 MB, and ends with 65")
  func namesWhatCannotBeReadWhole() async throws {
    try await withScratchFolder("audit") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)' && mkdir files && mkfifo files/pipe
        said() {
          "$0" infref audit "$@" > out 2> errors
          echo "$? $(grep -o 'is not judged: [a-z ]*' errors), $(grep -o '[0-9][0-9]* not judged' errors)"
        }
        said files; said /proc/self/status; "$0" infref audit /dev/zero > out 2> errors; echo "zero $?"
        (echo 'From: a@example.dk'; echo; yes 'InfRef=SortimentOverfor_1' | head -c 105000000) > big.eml
        said big.eml; rm big.eml
        yes 'en linje om SortimentOverfør_1' | head -c 8000000 > a.log
        (until [ -e done ]; do echo x >> a.log; sleep 0.01; done) & said a.log; touch done; wait
        """)
      #expect(
        outcome.output == """
          65 is not judged: neither a file nor a folder, 1 not judged
          65 is not judged: it has no size and is not empty, 1 not judged
          zero 65
          65 is not judged: a mail of , 1 not judged
          65 is not judged: it changed while it was read, 1 not judged

          """, "\(outcome)")
    }
  }

  @Test("counts every name of a log in which all names differ")
  func countsDifferentNames() async throws {
    try await withScratchFolder("audit") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'
        seq 100 60099 | sed 's/.*/x InfRef=FagsystemdefineredeDataRefGPDR&_1 og SortimentOverfør_1/' > a.log
        "$0" infref audit a.log --format json > out; echo $?
        grep -o '"warnings" : [0-9]*' out; grep -o '"good" : [0-9]*' out; grep -o '"unlisted" : [0-9]*' out
        """)
      #expect(outcome.output == "0\n\"warnings\" : 60000\n\"good\" : 60000\n\"unlisted\" : 40000\n", "\(outcome)")
    }
  }

  @Test("one bad byte changes nothing for the lines around it, nor for the right letters beside it")
  func decidesLineByLine() async throws {
    let text: [[UInt8]] = [
      Array("SortimentOverfør_1\n".utf8), [0xFF] + Array(" SortimentOverfør_2\n".utf8),
      Array("bl".utf8) + [0xE5] + Array(" SortimentOverf".utf8) + [0xF8] + Array("r_1\n".utf8),
      Array("SortimentOverfør_2\n".utf8),
    ]
    try await withScratchFolder("audit") { folder in
      try TestFiles.write(text.flatMap { $0 }, to: folder.appending("a.txt"))
      let outcome = try await BuiltCommand.run(["infref", "audit", "a.txt", "--fail-on", "warning"], in: folder)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.errors.contains("a.txt: 2 lines not in UTF-8, read as windows-1252\n"), "\(outcome.errors)")
      #expect(outcome.errors.contains("4 good names"))
    }
  }

  @Test("finds mistakes in the folders invalid and unsendable of Samples, and in no other")
  func findsNothingFalseInSamples() async throws {
    let samples = TestFiles.repository.appending("Samples").string
    let outcome = try await BuiltCommand.run(["infref", "audit", samples, "--format", "json"])
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    let others = report.entries.filter { !$0.file.contains("/documents/invalid/") && !$0.file.contains("/unsendable/") }
    // Foreign content is warned of, as the contract wants.
    #expect(Set(others.map { "\($0.verdict) \($0.code ?? "")" }) == ["warning foreign-content"])
    let unsendable = report.entries.filter { $0.file.contains("/unsendable/") }
    #expect(Set(unsendable.map(\.file)).count == 5)
    #expect(unsendable.allSatisfy { $0.verdict == "error" })
    #expect(report.notJudged == 0)
  }

  @Test("prints findings in Danish on request")
  func speaksDanish() async throws {
    try await withScratchFolder("audit") { folder in
      try TestFiles.write("routes: { a: { infref: SortimentOverfor_1 } }\n", to: folder.appending("a.yaml"))
      let outcome = try await BuiltCommand.run(["infref", "audit", "a.yaml", "--language", "da"], in: folder)
      #expect(outcome.output.contains("navnet staves med ø (U+00F8); skriv SortimentOverfør_1"), "\(outcome.output)")
    }
  }

  @Test("reads a trigger in a mail, and names its attachment that it cannot judge")
  func readsMails() async throws {
    let quoted = TestFiles.trigger(infRef: "SortimentOverfor_1").split(separator: "\n").map { "> \($0)" }
      .joined(separator: "\r\n")
    let mail = """
      From: a@example.dk
      To: b@example.dk
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="x"

      --x
      Content-Type: text/plain; charset=utf-8

      Se her:
      \(quoted)
      --x
      Content-Type: application/pdf; name="erklaering.pdf"
      Content-Transfer-Encoding: base64

      JVBERi0xLjc=
      --x--

      """
    try await withScratchFolder("audit") { folder in
      try TestFiles.write(mail, to: folder.appending("a.eml"))
      let outcome = try await BuiltCommand.run(["infref", "audit", "a.eml"], in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.output.contains("trigger    SortimentOverfor_1"), "\(outcome.output)")
      #expect(outcome.errors.contains("is not judged: its attachment erklaering.pdf: a PDF"), "\(outcome.errors)")
      #expect(outcome.errors.contains("read out of the mail (quotation"), "\(outcome.errors)")
      let inspected = try await BuiltCommand.run(["inspect", "a.eml"], in: folder)
      #expect(inspected.status == 0)
      #expect(inspected.errors.contains("read out of the text around it (mail, quotation"), "\(inspected.errors)")
    }
  }
}
