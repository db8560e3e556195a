import Glibc
import TriggerFiles

/// A command that an interruption costs nothing: called again, it goes on where it stopped.
protocol GoesOnWhenRepeated {}

/// The last words of such a command when Ctrl-C ends it.
enum Interruption {
  /// Writes a line to standard error at SIGINT before it ends the process. If the process was started with SIGINT
  /// ignored, as in the background of a script, it stays ignored.
  static func announce(in language: ReportLanguage) {
    var former = sigaction()
    sigaction(SIGINT, nil, &former)
    let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
    guard unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self) != ignored else { return }
    switch language {
    case .english:
      signal(SIGINT) { number in
        Interruption.end(
          by: number, "\nfilsluse: interrupted; nothing is lost, and the same command goes on and sends nothing twice\n"
        )
      }
    case .danish:
      signal(SIGINT) { number in
        Interruption.end(
          by: number,
          "\nfilsluse: afbrudt; intet er tabt, og den samme kommando fortsætter og sender intet to gange\n")
      }
    }
  }

  /// Runs in the handler of the signal, where little more than these calls is allowed. The signal is blocked until the
  /// handler returns, and then ends the process.
  private static func end(by number: Int32, _ text: StaticString) {
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    signal(number, SIG_DFL)
    raise(number)
  }
}
