import Glibc
import PlatformFixture
import SystemPackage
import Testing

/// The programs, units and pipeline of Samples work as they are.
@Suite(.timeLimit(.minutes(25))) struct SampleProgramTests {
  private static let samples = TestFiles.repository.appending("Samples")

  @Test(
    "a program that takes files over does so once, waits for its folder, and refuses an id that is none",
    arguments: ["take-over", "take-over.py"])
  func takesFilesOver(program: String) async throws {
    let outcome = try await Self.shell(
      """
      mkdir taken; printf 'a;b\\n' > file
      take() {
        printf '{"fileTransferUuid":"%s","path":"%s/file"}' "$1" "$PWD" |
          FILSLUSE_FILE_TRANSFER_UUID=$1 FILSLUSE_PATH=$PWD/file "$samples/\(program)" "$2" > answer 2> errors
        echo "$? $(tr -d ' \\n' < answer)"
      }
      id=4078b68b-3a3b-4d5d-bc41-b6b566033081
      take $id taken; take $id taken; take $id missing; take ../a taken
      ls taken; cmp file taken/$id && echo same
      """)
    #expect(
      outcome.output == """
        0 {"acceptance":"ACCEPTED"}
        0 {"acceptance":"ACCEPTED"}
        75 
        65 
        4078b68b-3a3b-4d5d-bc41-b6b566033081
        same

        """, "\(outcome)")
  }

  @Test(
    "a program that takes files over syncs its folder in every run, as an earlier one may have ended before that",
    .enabled("needs strace") { await Strace.isPermitted() }, arguments: ["take-over", "take-over.py"])
  func syncsItsFolder(program: String) async throws {
    let outcome = try await Self.shell(
      #"""
      mkdir taken; printf 'a;b\n' > file; id=4078b68b-3a3b-4d5d-bc41-b6b566033081
      for run in 1 2; do
        printf '{"fileTransferUuid":"%s","path":"%s/file"}' $id "$PWD" |
          FILSLUSE_FILE_TRANSFER_UUID=$id FILSLUSE_PATH=$PWD/file strace --follow-forks -qq --decode-fds=path \
            --string-limit=200 -e signal=none -e trace=fsync,/^rename --output=calls "$samples/\#(program)" taken > answer
        echo "run $run ends with $?"
        sed -nE 's|.*fsync\(.*/(taken[^>]*)>\) += 0$|synced \1|p; s|.*rename.* = 0$|renamed|p' calls
      done
      """#)
    #expect(
      outcome.output == """
        run 1 ends with 0
        synced taken/4078b68b-3a3b-4d5d-bc41-b6b566033081.part
        renamed
        synced taken
        run 2 ends with 0
        synced taken

        """, "\(outcome)")
  }

  @Test("the alert program hands an alert of either kind to the log with its priority")
  func handsAlertsToTheLog() async throws {
    let outcome = try await Self.shell(
      #"""
      mkdir bin; printf '#!/bin/sh\necho "$4"\n' > bin/logger; chmod +x bin/logger; PATH=$PWD/bin:$PATH
      echo '{"kind":"refused","resolved":false}' | "$samples/tell-operations" watch
      echo '{"kind":"refused","resolved":true}' | "$samples/tell-operations" watch
      echo '{"reason":"fired","severity":"warning"}' | "$samples/tell-operations" watch
      echo '{"reason":"fired","severity":"critical"}' | "$samples/tell-operations" watch
      echo '{"reason":"resolved","severity":"critical"}' | "$samples/tell-operations" watch
      """#)
    #expect(
      outcome.output.split(separator: "\n") == [
        "daemon.err", "daemon.notice", "daemon.warning", "daemon.err", "daemon.notice",
      ], "\(outcome)")
  }

  @Test("the pipeline fails on a trigger with a misspelt InfRef, with a report, and passes without it")
  func pipeline() async throws {
    let outcome = try await Self.shell(
      #"""
      PATH="$(dirname "$0"):$PATH"; sed -n 's/^    - //p' "$samples/pipeline/infref-audit.yml" > steps; mkdir work; cd work
      cp "$samples/roles/sender.yaml" "$samples/roles/routes.csv" .
      cp "$samples/documents/unsendable/trigger.unfit-inf-ref.misspelt.xml" a.trigger
      bash -e ../steps > log 2> errors; echo "misspelt $?"; grep -c '<failure' infref-audit.xml
      rm a.trigger infref-audit.xml; bash -e ../steps > log 2> errors; echo "right $?"; grep -c '<failure' infref-audit.xml
      """#)
    #expect(outcome.output == "misspelt 65\n1\nright 0\n0\n", "\(outcome)")
  }

  @Test(
    "systemd finds no fault in the units",
    .enabled(if: access("/usr/bin/systemd-analyze", X_OK) == 0, "no systemd-analyze here"))
  func units() async throws {
    let outcome = try await Self.shell(
      #"""
      mkdir units; for unit in "$samples"/systemd/*; do sed "s|/usr/local/bin/filsluse|$0|" "$unit" > "units/$(basename "$unit")"; done
      cd units && systemd-analyze verify --man=no ./*.service ./*.timer; echo $?
      """#)
    #expect(outcome.output == "0\n", "\(outcome)")
  }

  /// Runs lines of shell in a new folder; `$samples` is the folder Samples.
  private static func shell(_ lines: String) async throws -> BuiltCommand.Outcome {
    try await withScratchFolder("samples") { folder in
      try await BuiltCommand.shell("cd '\(folder)'; samples='\(samples)'\n\(lines)")
    }
  }
}
