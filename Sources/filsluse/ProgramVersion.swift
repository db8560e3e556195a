/// The version that `--version`, reports and the watcher show.
enum ProgramVersion {
  static let current = "0.1.0"
}
