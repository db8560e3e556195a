import Glibc
import TriggerFiles

/// What is set up once for the whole process, before anything else runs.
enum ProcessSetup {
  static func prepare() {
    // A reader that goes away shall be an error of write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    XMLReading.setUp()
  }
}
