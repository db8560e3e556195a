import SystemPackage

/// What goes on, for whoever waits.
enum Note {
  static func write(_ text: String) { _ = try? SystemPackage.FileDescriptor.standardError.writeAll((text + "\n").utf8) }
}
