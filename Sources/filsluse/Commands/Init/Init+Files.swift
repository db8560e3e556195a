import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import SystemPackage
import TriggerFiles

// The folders and files of the set-up.
extension Init {
  func makeFolder(_ path: FilePath, mode: Int) throws(CommandFailure) {
    if path.isEmpty || InputFile.exists(path) { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch {
      throw failure(
        .localIO, "\(path) cannot be made: \(error)",
        "\(path) kan ikke oprettes; se efter mappen over den og rettighederne til den")
    }
    try owned(path) { (service: ServiceUser) throws(Errno) in try service.share(folder: path) }
  }

  /// Changes the owner of a new file or folder by `change`, if root creates it for a service.
  func owned(_ path: FilePath, by change: (ServiceUser) throws(Errno) -> Void) throws(CommandFailure) {
    guard let service else { return }
    do throws(Errno) {
      try change(service)
    } catch {
      throw failure(
        .localIO, "\(path) cannot be given to the service's user: \(error)",
        "\(path) kan ikke gives til tjenestens bruger: \(error.words.da)")
    }
  }

  /// Writes the files of the set-up. A file that this command wrote earlier, and that nobody has changed since, is
  /// rewritten if the answers have changed; any other file stays.
  ///
  /// - Throws: `CommandFailure` with all files that stay although the answers have changed.
  func write(_ texts: [(name: String, text: String)], _ answers: inout InitAnswers) throws(CommandFailure) {
    var (changed, others): ([String], [String]) = ([], [])
    for (name, text) in texts {
      let path = folder.pushing(FilePath(name))
      let earlier = answers.digests(of: name)
      let digest = SHA256.digest(of: Array(text.utf8)).hex
      guard InputFile.exists(path) else {
        try write(text, digest, to: path, named: name, replacing: false, &answers)
        continue
      }
      let found = SHA256.digest(of: try InputFile.read(path, upTo: 1 << 20)).hex
      if found == digest { continue }
      if earlier.contains(found) {
        try write(text, digest, to: path, named: name, replacing: true, &answers)
      } else if earlier.last == digest {
        changed.append(path.string)
      } else {
        others.append(path.string)
      }
    }
    if !changed.isEmpty {
      let names = changed.joined(separator: ", ")
      say("\(names): changed since, and stays as it is", "\(names): ændret siden og bliver, som den er")
    }
    guard others.isEmpty else {
      let names = others.joined(separator: ", ")
      throw failure(
        .badData,
        "\(names): what is there was changed by hand, or made from other answers, and stays; remove it to have it made anew by the same command",
        "\(names): det, der er der, er rettet i hånden eller lavet af andre svar og bliver; fjern det for at få det lavet igen af samme kommando"
      )
    }
  }

  /// Returns true for an existing file whose content this command has not written: a person has changed it since.
  func isEdited(_ path: FilePath, _ answers: InitAnswers) throws(CommandFailure) -> Bool {
    guard let name = path.lastComponent?.string, InputFile.exists(path) else { return false }
    let found = SHA256.digest(of: try InputFile.read(path, upTo: 1 << 20)).hex
    return !answers.digests(of: name).contains(found)
  }

  private func write(
    _ text: String, _ digest: String, to path: FilePath, named name: String, replacing isReplacing: Bool,
    _ answers: inout InitAnswers
  ) throws(CommandFailure) {
    try answers.keep(digest, of: name)
    try write(text, to: path, replacing: isReplacing)
    if !output.json { Output.print(path.string) }
  }

  /// Writes a file, which the service may read.
  func write(_ text: String, to path: FilePath, replacing isReplacing: Bool) throws(CommandFailure) {
    let service = service
    do throws(NewFileError) {
      try NewFile.write(to: path, replacing: isReplacing) { file, _ in
        _ = try file.writeAll(Array(text.utf8))
        try service?.share(file)
      }
    } catch {
      throw failure(
        .localIO, "\(path) is not written: \(error); \(error.remedy)",
        "\(path) er ikke skrevet: \(error.shown); \(error.shownRemedy)")
    }
  }

  func note(kept path: FilePath) {
    say("\(path) is there already and stays as it is", "\(path) er der allerede og bliver, som den er")
  }
}
