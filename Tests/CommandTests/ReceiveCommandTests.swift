import PlatformFixture
import SystemPackage
import Testing

/// The built command with a program of the receiver's: what fails, is set aside, tried again, and kept for a trial.
@Suite(.timeLimit(.minutes(25))) struct ReceiveCommandTests {
  private static let script = """
    printf 'a;b\\n' > 'sag 0101901234.csv'
    "$0" send 'sag 0101901234.csv' --route flis-0101 --config platform/clients/fagsystem/filsluse.yaml > sent
    echo "send $?"
    c=platform/clients/flis/filsluse.yaml IN=platform/systems/flis/IN
    printf '#!/bin/sh\\necho "$FILSLUSE_FILE_TRANSFER_UUID" >> ran\\ntest -e mended || { echo nej >&2; exit 3; }\\n' \
      > platform/clients/flis/take-over
    chmod +x platform/clients/flis/take-over
    sed -i '/^arrivals:/{n;s|$|\\n    hook: { run: [./take-over], tries: 2, timeout: 1m }|}' $c
    "$0" receive --config $c; echo "failed $?"
    "$0" receive --config $c; echo "set aside $?"
    "$0" retry A1 --config $c; echo "retry $?"; "$0" retry A1 --config $c; echo "again $?"
    touch mended
    "$0" receive --keep-remote --config $c; echo "kept $?"; ls $IN | wc -l
    "$0" receive --verify-repeats --config $c; echo "removed $?"; ls $IN | wc -l
    "$0" receive --config $c; echo "quiet $?"
    sort -u ran | wc -l; wc -l < ran
    "$0" explain collected | head -1; "$0" journal show A1 --config $c; "$0" journal check --config $c
    """

  @Test("a file is handed over when its program takes it")
  func aFileIsHandedOverWhenItsProgramTakesIt() async throws {
    let outcome = try await BuiltCommand.shell(besidePlatform: Self.script)
    let lines = outcome.output.split(separator: "\n").map { $0.trimmingSpace }
    for line in [
      "send 0", "failed 75", "set aside 65", "retry 0", "again 65", "kept 0", "removed 0", "quiet 0", "nothing waits",
    ] {
      #expect(lines.contains(line), "\(line): \(outcome)")
    }
    func following(_ line: String) -> String? {
      lines.firstIndex(of: line).flatMap { $0 + 1 < lines.count ? lines[$0 + 1] : nil }
    }
    #expect(following("kept 0") == "2" && following("removed 0") == "0", "\(outcome)")
    // Three runs for one transfer: two failed, and the one of the trial was the last.
    #expect(following("quiet 0") == "1" && lines.contains("3"), "\(outcome)")
    for words in [
      "try 1 of 2: it ended with status 3: nej", "is set aside: try 2 of 2", "filsluse retry A1",
      "is handed over and left in IN", "filsluse: flis: 1 file in ",
    ] {
      #expect(outcome.errors.contains(words), "\(words): \(outcome)")
    }
    #expect(lines.contains("removed (state of an arrival)"), "\(outcome)")
    for state in ["handing-over", "set-aside", "handed-over", "removed"] {
      #expect(lines.contains { $0.contains(":00  \(state)") }, "\(state): \(outcome)")
    }
    #expect(lines.contains { $0.hasPrefix("metadata root:") && $0.hasSuffix(" FileMetadata") }, "\(outcome)")
    #expect(!outcome.errors.contains("0101901234") && !outcome.output.contains("0101901234"))
  }
}

extension Substring {
  fileprivate var trimmingSpace: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
