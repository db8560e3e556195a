internal import CSystemShim
import FilsluseBase
import Glibc
package import SystemPackage
import TriggerFiles

/// A small shell process between us and the server, which outlives us just long enough to end all that the server
/// started.
///
/// The listener's death does not end its sessions, and `PR_SET_PDEATHSIG` hangs on a thread, is lost in a fork and
/// knows one process only. So the shell waits at a line whose other end only we hold: however we end, by return, crash
/// or `kill -9`, the line closes. Then the shell stops the listener and its descendants, so that none can fork away,
/// and kills them. The listener in turn dies with the shell, by `setpriv --pdeathsig`.
package final class Supervisor: Sendable {
  /// The server's own process: the parent of every session.
  let listener: pid_t
  private let shell: pid_t
  private let lifeline: Locked<Int32?>

  /// Starts the command; blocks until the shell has printed the listener's process id, which takes a moment.
  ///
  /// - Parameters:
  ///   - script: the path for the shell script.
  ///   - scratch: a folder to remove at the end.
  package init(
    command: [String], environment: [String], setpriv: FilePath, script: FilePath, log: FilePath,
    removingAtEnd scratch: FilePath?
  ) throws(PlatformError) {
    try WholeFile.write(Self.script, to: script)
    let errors = open(log.string, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard errors >= 0 else { throw .file(errno, .write, log) }
    defer { close(errors) }
    let arguments =
      [
        "/bin/sh", script.string, scratch?.string ?? "", setpriv.string, "--pdeathsig", "KILL",
        "--",
      ] + command
    let line = try Self.makeLine()
    defer { close(line.theirs) }
    do throws(PlatformError) {
      let answer = try Self.makeLine()
      defer { close(answer.ours) }
      do {
        defer { close(answer.theirs) }
        do throws(Errno) {
          shell = try Program.spawn(
            "/bin/sh", arguments: arguments, environment: environment, input: line.theirs, output: answer.theirs,
            error: errors)
        } catch {
          throw PlatformError.system(error.rawValue, "posix_spawn(/bin/sh)")
        }
      }
      listener = try Self.readProcessID(from: answer.ours)
    } catch {
      close(line.ours)
      throw error
    }
    lifeline = Locked(line.ours)
  }

  deinit { letGo() }

  /// True while the server runs.
  package var isRunning: Bool { ProcessTree.isRunning(listener) }

  /// The processes there are now: the shell, the listener and its sessions.
  var processes: Set<pid_t> { ProcessTree.members(under: shell) }

  /// Ends the server and its sessions; blocks until they are gone, a few hundred milliseconds at the most in practice.
  ///
  /// - Parameter keepingScratch: whether the folder stays that was to be removed at the end.
  /// - Throws: `PlatformError` when a process is left after 30 seconds.
  package func stop(keepingScratch: Bool = false) throws(PlatformError) {
    let known = processes
    letGo(saying: keepingScratch ? "keep\n" : "")
    let deadline = ContinuousClock.now + .seconds(30)
    while waitpid(shell, nil, WNOHANG) == 0 || known.contains(where: ProcessTree.isRunning) {
      if ContinuousClock.now > deadline {
        let left = known.filter(ProcessTree.isRunning).sorted()
        throw PlatformError(
          .serverEnded,
          LocalizedText(
            "processes of the SSH server do not end: \(left)", "processer fra SSH-serveren standser ikke: \(left)"),
          remedy: LocalizedText(
            "end them by hand: kill -9 with these numbers", "stop dem i hånden: kill -9 med disse numre"))
      }
      usleep(5_000)
    }
  }

  /// Closes our end of the line, which is the shell's sign to end everything.
  private func letGo(saying word: String = "") {
    let end = lifeline.withLock { end in
      defer { end = nil }
      return end
    }
    guard let end else { return }
    let bytes = Array(word.utf8)
    // A shell that is gone needs no word.
    _ = send(end, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    close(end)
  }

  /// $1 is a folder to remove at the end, or empty; the rest is the command.
  ///
  /// Ctrl-C in a terminal and a service manager's TERM concern the process that holds the line, not the shell. The
  /// listener is never waited for before the end: as a zombie it keeps its process id, so that no other process gets
  /// it.
  private static let script = """
    trap '' INT TERM HUP
    scratch=$1
    shift
    "$@" </dev/null >/dev/null &
    listener=$!
    echo "$listener"
    exec >/dev/null
    while read -r word; do
      if [ "$word" = keep ]; then scratch=; fi
    done
    kill -STOP "$listener" 2>/dev/null
    members=" $listener "
    grown=yes
    while [ "$grown" = yes ]; do
      grown=no
      for file in /proc/[0-9]*/stat; do
        { read -r line <"$file"; } 2>/dev/null || continue
        id=${line%% *}
        rest=${line##*) }
        parent=${rest#* }
        parent=${parent%% *}
        case $members in *" $id "*) continue ;; esac
        case $members in *" $parent "*) ;; *) continue ;; esac
        kill -STOP "$id" 2>/dev/null
        members="$members$id "
        grown=yes
      done
    done
    kill -KILL $members 2>/dev/null
    wait
    [ -z "$scratch" ] || rm -rf -- "$scratch"
    """

  /// Sockets rather than a pipe: writing to a shell that is gone must not end us by SIGPIPE.
  private static func makeLine() throws(PlatformError) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw .system(errno, "socketpair") }
    return (ends[0], ends[1])
  }

  private static func readProcessID(from descriptor: Int32) throws(PlatformError) -> pid_t {
    var text = ""
    var byte: UInt8 = 0
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard filsluse_poll(&waiting, 1, 100_000_000) == 1 else { continue }
      guard read(descriptor, &byte, 1) == 1 else { break }
      if byte == UInt8(ascii: "\n"), let id = pid_t(text) { return id }
      text.unicodeScalars.append(Unicode.Scalar(byte))
    }
    throw PlatformError(
      .serverEnded, LocalizedText("the server's shell did not answer", "serverens skal svarede ikke"),
      remedy: LocalizedText("check that /bin/sh works", "se efter, om /bin/sh virker"))
  }
}
