import FilsluseBase
import SystemPackage
import TriggerFiles

/// A local file written by a command: completely, or not at all.
enum OutputFile {
  /// Writes a file, which `--force` lets replace another one, but never an input of the command.
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
      case .taken:
        remedy = LocalizedText("name a new file, or say --force", "angiv en ny fil, eller tilføj --force").shown
      case .unfit:
        remedy =
          LocalizedText(
            "name a plain file; without -o it goes to standard output",
            "angiv en almindelig fil; uden -o skrives til standardoutput"
          ).shown
      default: remedy = error.shownRemedy
      }
      let name = Printable.text(path.string)
      throw CommandFailure(
        .localIO, "\(name) is not written: \(error.shown)", "\(name) er ikke skrevet: \(error.shown)",
        remedy: LocalizedText(remedy))
    }
  }
}
