import Glibc
import TriggerFiles

/// What is set up once for the whole process, before anything else runs.
enum ProcessSetup {
  static func prepare() {
    // A reader that goes away shall be an error of write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    // Started by something that ignores it, we would never learn how a program that we ran has ended.
    signal(SIGCHLD, SIG_DFL)
    holdReloads()
    occupyClosedStreams()
    XMLReading.setUp()
  }

  /// A SIGHUP that comes before a service can take it waits until then, and does not end the process. Programs that are
  /// started take none of this over.
  private static func holdReloads() {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.first == "run" || arguments.first == "watch" && !arguments.contains("--once") else { return }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGHUP)
    // Before there is another thread: all of them begin with it.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// A standard stream that was closed would be the number of the next file or socket, and take our words there.
  private static func occupyClosedStreams() {
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      // Only to be read: writing to it fails, as it should. The lowest free number is this one.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
