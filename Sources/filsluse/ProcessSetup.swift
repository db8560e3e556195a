import FilsluseBase
import Glibc
import TriggerFiles

/// The set-up of the whole process, before anything else runs.
enum ProcessSetup {
  static func prepare() {
    Heaps.shareFew()
    ignoreEarlyReloads()
    // A reader that goes away shall be an error of write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    // Started by something that ignores it, we would never learn how a program that we ran has ended.
    signal(SIGCHLD, SIG_DFL)
    occupyClosedStreams()
    XMLReading.setUp()
    let settings = SettingsSearch.option(in: Array(CommandLine.arguments.dropFirst()))
    Remedy.wordSteps { $0.words(settings: settings) }
  }

  /// A SIGHUP that comes before a service listens for it does not end the process: the settings are read after that.
  private static func ignoreEarlyReloads() {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.first == "run" || arguments.first == "watch" && !arguments.contains("--once") else { return }
    signal(SIGHUP, SIG_IGN)
  }

  /// A standard stream that was closed would be the number of the next file or socket, and take our words there.
  private static func occupyClosedStreams() {
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      // Opened read-only, so that writing to it fails as it should. Its number is the lowest free one.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
