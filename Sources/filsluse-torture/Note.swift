import SystemPackage

/// Prints lines of progress.
enum Note {
  static func write(_ text: String) { _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8) }
}
