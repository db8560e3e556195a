internal import FilsluseBase

extension Remedy {
  /// The two ways to end an unfinished delivery that no process is at work on.
  static func retryOrCancel(_ number: String) -> Remedy {
    "\(.retry(number)) finishes it, \(.cancel(number)) ends it"
  }
}
