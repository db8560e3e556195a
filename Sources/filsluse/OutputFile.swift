import FilsluseBase
import SystemPackage

/// A local file that a command writes: there whole, or as it was.
enum OutputFile {
  /// Writes a file that `--force` may let replace another, but never one that the command reads.
  ///
  /// - Throws: `CommandFailure` with `localIO`; nothing is changed then.
  static func write(
    _ bytes: [UInt8], to path: FilePath, force: Bool, sparing inputs: [FilePath]
  ) throws(CommandFailure) {
    do throws(NewFileError) {
      try NewFile.write(to: path, replacing: force, sparing: inputs) { file, _ in try file.writeAll(bytes) }
    } catch {
      let remedy: String
      switch error {
      case .taken: remedy = "name a new file, or say --force"
      case .unfit: remedy = "name a plain file; without -o it goes to standard output"
      default: remedy = error.remedy
      }
      throw CommandFailure(.localIO, "\(Printable.text(path.string)) is not written: \(error); \(remedy)")
    }
  }
}
