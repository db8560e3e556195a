import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// The built command with an account at a server that hands out names or bytes without end, and one at a sound server.
@Suite(.timeLimit(.minutes(25))) struct EndlessServerCommandTests {
  @Test(
    "keeps its memory, ends each look in time, serves the other account, and reports the server",
    arguments: [
      EndlessServer.freshNames, .repeatedNames, .impossibleNames, .emptyPages, .slowNames, .largePage, .crowdedPage,
      .endlessData, .emptyData, .tooMuchData,
    ])
  func everyCommand(kind: EndlessServer) async throws {
    try await withTestServer { sound in
      try await withScratchFolder { folder in
        let metadata = try Self.metadata("navn.csv", for: "own")
        let line = try kind.configuration(in: folder, metadata: metadata)
        let endless = try await SSHServer.start(
          in: folder.appending("server"), SSHServer.Options(extraLines: [line]))
        do {
          let settings = try Self.settings(endless, try await endless.addUser("own"), sound, in: folder)
          try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
          for name in ["a.csv", "b.csv"] {
            try Data("indhold".utf8).write(to: URL(filePath: folder.appending(name).string))
            try Self.metadata(name, for: sound.user.name).write(to: folder.appending("\(name).metadata"))
          }
          try Self.script.write(toFile: folder.appending("drive.py").string, atomically: true, encoding: .utf8)
          let outcome = try await BuiltCommand.shell(
            "cd '\(folder)' && python3 drive.py \"$0\" '\(sound.inbox)' \(Self.hasListing(kind) ? "data" : "names")")
          let failures = outcome.output.split(separator: "\n").filter { !$0.hasPrefix("ok ") }
          #expect(failures.isEmpty && outcome.output.contains("ok run"), "\(outcome)")
          try await endless.stop()
        } catch {
          try await endless.stop()
          throw error
        }
      }
    }
  }

  @Test("reads no more of a file that comes again than its size, where the server gives bytes without end")
  func repeats() async throws {
    try await withTestServer { sound in
      try await withScratchFolder { folder in
        let metadata = try Self.metadata("navn.csv", for: "own", sound.user.name)
        try Data("indhold".utf8).write(to: URL(filePath: "\(sound.inbox)/navn.csv"))
        try metadata.write(to: FilePath("\(sound.inbox)/navn.csv.metadata"))
        let line = try EndlessServer.endlessData.configuration(in: folder, metadata: metadata)
        let endless = try await SSHServer.start(
          in: folder.appending("server"), SSHServer.Options(extraLines: [line]))
        do {
          var settings = try Self.settings(endless, try await endless.addUser("own"), sound, in: folder)
          var (again, first) = (settings.accounts[0], settings.accounts[1])
          (again.name, first.name) = ("a", "a")
          settings.routes = []
          settings.watch.accountRules = []
          settings.arrivals = [ArrivalRoute(name: "in", account: "a", infRef: nil, senders: ["fagsystem"])]
          for (name, account) in [("first", first), ("again", again)] {
            settings.accounts = [account]
            try Data(settings.yaml().utf8).write(to: URL(filePath: folder.appending("\(name).yaml").string))
          }
          let outcome = try await BuiltCommand.shell(
            """
            cd '\(folder)' && "$0" receive --config first.yaml > first.log 2>&1; echo "first $?"
            timeout 60 "$0" receive --verify-repeats --config again.yaml > again.log 2>&1; echo "again $?"; cat again.log >&2
            """)
          #expect(outcome.output == "first 0\nagain 65\n", "\(outcome)")
          #expect(outcome.errors.contains("another content (another length); it is left in IN"), "\(outcome)")
          try await endless.stop()
        } catch {
          try await endless.stop()
          throw error
        }
      }
    }
  }

  /// True if its listings end, and only its files do not.
  private static func hasListing(_ kind: EndlessServer) -> Bool {
    [.endlessData, .emptyData, .tooMuchData].contains(kind)
  }

  private static func metadata(_ name: String, for recipients: String...) throws -> [UInt8] {
    try FileMetadata(
      fileTransferUUID: UUID().uuidString.lowercased(),
      fileDescriptor: DataFileDescriptor(
        fileName: name, sizeInBytes: 7, sender: "fagsystem", recipients: recipients), fileContentDescriptor: .empty
    ).xml()
  }

  private static func settings(
    _ endless: SSHServer, _ user: SSHUser, _ sound: TestServer, in folder: FilePath
  ) throws -> ExchangeSettings {
    var accounts = [
      Account(
        name: "endless", host: endless.host, port: endless.port, user: user.name, key: user.keyFile,
        hostKeys: .pinned([endless.fingerprint])),
      Account(
        name: "sound", host: sound.host, port: sound.port, user: sound.user.name, key: sound.user.keyFile,
        hostKeys: .pinned([sound.fingerprint])),
    ]
    for index in accounts.indices {
      accounts[index].poll = .seconds(1)
      accounts[index].listing = ListingLimits(names: 20_000, bytes: 20_000_000, duration: .seconds(2))
    }
    return ExchangeSettings(
      source: folder.appending("filsluse.yaml"), accounts: accounts,
      routes: [Route(name: "way", account: "endless", kind: .direct(recipients: ["flis"]))],
      arrivals: accounts.map { account in
        ArrivalRoute(name: "in-\(account.name)", account: account.name, infRef: nil, senders: ["fagsystem"])
      },
      watch: WatchSettings(
        database: folder.appending("watch.sqlite"), lookEvery: .seconds(5),
        accountRules: [AccountRule(accounts: accounts.map(\.name))],
        alerts: AlertSettings(sinks: [.log(AlertSink.LogTarget())])),
      journal: folder.appending("journal.sqlite"), inbox: folder.appending("inbox"))
  }

  /// Runs the commands one after the other; each line that does not begin with `ok` is something that must not be.
  private static let script = #"""
    import os, shutil, signal, subprocess, sys, time
    filsluse, inbox, kind = sys.argv[1:4]
    def arrive(name):
        shutil.copy(name, os.path.join(inbox, name)); shutil.copy(name + '.metadata', os.path.join(inbox, name + '.metadata'))
    def run(name, arguments, statuses, until=None, limit=60):
        log = open(name.replace(' ', '-') + '.log', 'w+')
        process = subprocess.Popen([filsluse] + arguments, stdout=log, stderr=log)
        words = lambda: open(log.name).read()
        begin, stopped, wanted = time.time(), None, until is None
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid: break
            if until and not stopped and until(words()):
                wanted, stopped = True, time.time(); process.send_signal(signal.SIGTERM)
            if time.time() - begin > limit: process.kill()
            time.sleep(0.05)
        code, megabytes = os.waitstatus_to_exitcode(status), usage.ru_maxrss // 1024
        problems = []
        if code not in statuses: problems.append('status %d' % code)
        if megabytes > 200: problems.append('%d MB' % megabytes)
        if not wanted: problems.append('what was waited for did not come')
        if stopped and time.time() - stopped > 26: problems.append('stopped after %d s' % (time.time() - stopped))
        print('bad' if problems else 'ok', name, ', '.join(problems), '%d MB in %.1f s' % (megabytes, time.time() - begin),
              words() if problems else '')
    here = lambda name: os.path.exists('inbox/sound/' + name)
    arrive('a.csv')
    run('receive', ['receive'], (65, 69, 75))
    if not here('a.csv'): print('bad: the other account was not collected by receive')
    run('send', ['send', 'b.csv', '--route', 'way', '--wait-for', '2s'], (65, 69, 75))
    # A watch reads no data, and has nothing to tell of a folder whose listing ends.
    run('watch once', ['watch', '--once'], (1, 2) if kind == 'names' else (0,))
    run('watch', ['watch'], (0,), lambda words: ('endless' if kind == 'names' else 'watching') in words)
    arrive('b.csv')
    run('run', ['run'], (0,), lambda words: here('b.csv') and 'endless' in words)
    """#
}

extension [UInt8] {
  fileprivate func write(to path: FilePath) throws { try Data(self).write(to: URL(filePath: path.string)) }
}
