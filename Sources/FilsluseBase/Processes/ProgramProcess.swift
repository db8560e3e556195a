internal import CSystemShim
import Glibc
internal import SystemPackage

/// The reason why a program could not be started.
struct ProgramStartFailure: Error {
  let reason: String
  /// True if the arguments and the environment are longer than the system allows.
  var isTooLong = false
}

/// A running program, the leader of its own session and process group. Its calls block.
///
/// The process id is reused only after the exit status was fetched here, so no signal ever reaches another process.
final class ProgramProcess: Sendable {
  private let id: pid_t
  private let output: Int32
  private let complaints: Int32
  /// Rings when the program has ended, and when it is to end.
  private let wakeUp: EventFD
  private let news = Locked(News())

  private struct News {
    var hasEnded = false
    var isCancelled = false
  }

  init(starting program: Program) throws(ProgramStartFailure) {
    guard let name = program.arguments.first else { throw ProgramStartFailure(reason: "no program is named") }
    let path = try Self.find(name)
    do throws(EventFDError) { wakeUp = try EventFD() } catch { throw ProgramStartFailure(reason: "\(error)") }
    let input = try Self.file(holding: program.input)
    defer { close(input) }
    let (output, outputEnd) = try Self.pipe()
    defer { close(outputEnd) }
    let complaints: (ours: Int32, theirs: Int32)
    do throws(ProgramStartFailure) {
      complaints = try Self.pipe()
    } catch {
      close(output)
      throw error
    }
    defer { close(complaints.theirs) }

    do throws(Errno) {
      id = try Program.spawn(
        path, arguments: program.arguments, environment: program.environmentLines, input: input, output: outputEnd,
        error: complaints.theirs, held: program.held, folder: program.folder)
    } catch {
      close(output)
      close(complaints.ours)
      throw Self.failure(error.rawValue, path)
    }
    self.output = output
    self.complaints = complaints.ours
    BlockingThreads.startThread(named: "filsluse-waiter") { [id, wakeUp, news] in
      Self.awaitEnd(of: id)
      news.withLock { $0.hasEnded = true }
      wakeUp.signal()
    }
  }

  deinit {
    close(output)
    close(complaints)
  }

  /// Asks it to end; ``attend(_:)`` sees to that.
  func cancel() {
    news.withLock { $0.isCancelled = true }
    wakeUp.signal()
  }

  /// Reads the program's output until it has ended, and stops it at its time limit or on cancellation.
  func attend(_ program: Program) -> ProgramReport {
    let (timeout, grace) = (program.timeout, program.grace)
    var said = BoundedOutput(keeping: .first, limit: program.keptOutput)
    var complained = BoundedOutput(keeping: .last, limit: program.keptComplaints)
    var open = (output: true, complaints: true)
    var ending: ProgramReport.End?
    var deadline: ContinuousClock.Instant? = .now + timeout
    while true {
      let news = news.withLock { $0 }
      if news.hasEnded { break }
      let isLate = deadline.map { ContinuousClock.now >= $0 } ?? false
      if ending == nil, isLate || news.isCancelled, !hasExited {
        ending = news.isCancelled ? .cancelled : .timedOut(timeout)
        kill(-id, SIGTERM)
        deadline = .now + grace
      } else if ending != nil, isLate {
        kill(-id, SIGKILL)
        deadline = nil
      }
      waitForNews(open, until: deadline)
      if open.output { open.output = Self.read(output, into: &said) }
      if open.complaints { open.complaints = Self.read(complaints, into: &complained) }
    }
    if open.output { _ = Self.read(output, into: &said) }
    if open.complaints { _ = Self.read(complaints, into: &complained) }
    // Whatever of its group outlived it has had its time too.
    if ending != nil { kill(-id, SIGKILL) }
    let status = fetchEnd()
    return ProgramReport(end: ending ?? status, output: said, complaints: complained)
  }

  /// True if it has ended by itself, also before that is noted: its status is then its own.
  private var hasExited: Bool {
    var information = siginfo_t()
    let answer = waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT | WNOHANG)
    return answer == 0 && information.si_signo == SIGCHLD
  }

  private func waitForNews(_ open: (output: Bool, complaints: Bool), until deadline: ContinuousClock.Instant?) {
    // A descriptor below 0 is not looked at.
    var waiting = [
      pollfd(fd: wakeUp.fileDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: open.output ? output : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: open.complaints ? complaints : -1, events: Int16(POLLIN), revents: 0),
    ]
    let (seconds, attoseconds) = (deadline.map { ContinuousClock.now.duration(to: $0) } ?? .seconds(3600)).components
    _ = filsluse_poll(&waiting, 3, max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    if waiting[0].revents != 0 { wakeUp.clear() }
  }

  /// Reads all that is there; false when nothing more can come.
  private static func read(_ descriptor: Int32, into output: inout BoundedOutput) -> Bool {
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    // Reads as much as a pipe holds, and then checks the clock again, because a program may write without end.
    for _ in 0..<8 {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count > 0 {
        output.append(piece[..<count])
      } else if count == 0 {
        return false
      } else if errno != EINTR {
        return errno == EAGAIN
      }
    }
    return true
  }

  private static func awaitEnd(of id: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  private func fetchEnd() -> ProgramReport.End {
    var status: Int32 = 0
    while true {
      let ended = waitpid(id, &status, 0)
      if ended == id { break }
      if errno != EINTR { return .unknown }
    }
    // WIFEXITED and its like are macros, which Swift does not see.
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }

  /// The program's file; `PATH` is asked as a shell would ask it.
  private static func find(_ name: String) throws(ProgramStartFailure) -> String {
    guard !name.utf8.contains(UInt8(ascii: "/")) else { return name }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in path.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 {
      return "\(folder)/\(name)"
    }
    throw ProgramStartFailure(reason: "\(name) is in none of the folders of PATH; write its whole path")
  }

  /// A file without a name: unlike a pipe it takes any amount at once, and a program may open it again.
  private static func file(holding bytes: [UInt8]) throws(ProgramStartFailure) -> Int32 {
    let file = filsluse_memory_file("filsluse-input")
    guard file >= 0 else { throw failure(errno, "its input") }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(written)) }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        let code = errno
        close(file)
        throw failure(code, "its input")
      }
    }
    return file
  }

  private static func pipe() throws(ProgramStartFailure) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    guard filsluse_pipe(&ends) == 0 else { throw failure(errno, "its output") }
    return (ends[0], ends[1])
  }

  private static func failure(_ code: Int32, _ subject: String) -> ProgramStartFailure {
    let remedy =
      switch code {
      case ENOEXEC: "; the first line of a script names what runs it, such as #!/bin/sh"
      case EACCES: "; make it executable (chmod +x) for the running user"
      case E2BIG: "; its arguments and environment are longer than the system takes"
      case ENOENT: "; check the path, and for a script what its first line names"
      default: ""
      }
    return ProgramStartFailure(
      reason: "\(subject): \(String(cString: filsluse_error_text(code)))\(remedy)", isTooLong: code == E2BIG)
  }
}
