import SystemPackage

/// Lines of progress on standard error.
enum Progress {
  /// Prints a line of progress.
  static func show(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8)
  }
}
