import PlatformFixture
import SystemPackage
import Testing

/// SIGKILL keeps what the kernel has, so no kill proves that anything reached the disk. The order of the system calls
/// does: the platform, its SSH server and the command are all traced together.
@Suite(.timeLimit(.minutes(25)), .enabled("needs strace") { await Strace.isPermitted() })
struct OrderOfStepsTests {
  private func trace(_ lines: String) async throws -> SystemCalls {
    try await withScratchFolder("order") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; export B="$0" c=platform/clients
        echo hej > a.csv; printf '#!/bin/sh\\nexec true\\n' > take-over; chmod +x take-over
        strace --follow-forks -qq --decode-fds=path --string-limit=200 --seccomp-bpf --output=calls -e signal=none \\
          -e trace=fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,link,linkat,execve bash -c '
            timeout \(BuiltCommand.patience) "$B" platform --directory platform > card 2> log & platform=$!
            until [ -s card ] || ! kill -0 $platform; do sleep 0.1; done
            \(lines)
            kill -TERM $platform; wait $platform'
        cat calls
        """)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return SystemCalls(outcome.output)
    }
  }

  private static let send = #""$B" send a.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent"#

  @Test("an arrival is on the disk before it is removed from IN")
  func whatArrivesIsOnTheDiskBeforeItIsRemovedFromIN() async throws {
    let calls = try await trace(
      """
      \(Self.send)
      sed -i "/^arrivals:/,/^watch:/s|^    infref:.*|&\\n    hook: { run: [$PWD/take-over] }|" $c/flis/filsluse.yaml
      "$B" receive --config $c/flis/filsluse.yaml > received
      """)
    let journal = "clients/flis/journal.sqlite-wal>) = 0"
    let inbox = "clients/flis/inbox/flis"
    let content = try calls.number(of: "fsync(", "\(inbox)/.unfinished/", ".part>) = 0")
    let rename = try calls.number(of: "renameat2(", ".part\"", "\"a.csv\"")
    let temporaryName = try calls.number(of: "fsync(", "\(inbox)/.unfinished>) = 0")
    let mark = try calls.number(of: "link", ".whole\"")
    let witness = try calls.number(of: "fsync(", "\(inbox)/.unfinished>) = 0", after: mark)
    let folder = try calls.number(of: "fsync(", "\(inbox)>) = 0", after: rename)
    let parent = try calls.number(of: "fsync(", "clients/flis/inbox>) = 0")
    let hook = try calls.number(of: "execve(", "/take-over\", [")
    let data = try calls.number(of: "unlink", "\"IN/a.csv\"")
    let metadata = try calls.number(of: "unlink", "\"IN/a.csv.metadata\"")
    #expect(content < rename)
    #expect(temporaryName < mark, "a loss of power never keeps the mark without the file that it speaks of")
    #expect(witness < rename, "the witness that it was whole")
    #expect(calls.isBetween(content, rename, "sync(", journal), "the journal has it as fetched")
    #expect(parent < hook, "the inbox folder is new")
    #expect(folder < hook)
    #expect(calls.isBetween(folder, hook, "sync(", journal), "the journal has it as placed")
    #expect(hook < data)
    #expect(calls.isBetween(hook, data, "sync(", journal), "the journal has it as handed over")
    #expect(data < metadata)
  }

  @Test("every step of a delivery is in the journal before the next")
  func everyStepOfADeliveryIsInTheJournalBeforeTheNext() async throws {
    let calls = try await trace(Self.send)
    let journal = "clients/fagsystem/journal.sqlite-wal>) = 0"
    let trigger = try calls.number(of: ".part\"", "\"OUT/a.csv.trigger\"")
    let receipt = try calls.number(of: "renameat2(", "fagsystem/IN/a.csv.sftpreceipt")
    let tidied = try calls.number(of: "unlink", "\"IN/a.csv.sftpreceipt\"")
    #expect(calls.isBetween(-1, trigger, "sync(", journal), "the journal has it as armed")
    #expect(trigger < receipt)
    #expect(calls.isBetween(receipt, tidied, "sync(", journal), "the journal has the receipt")
  }
}

/// The availability of strace, and of the right to trace.
enum Strace {
  static func isPermitted() async -> Bool {
    let outcome = try? await BuiltCommand.shell("strace --seccomp-bpf -f -o /dev/null true", seconds: 20)
    return outcome?.status == 0
  }
}
