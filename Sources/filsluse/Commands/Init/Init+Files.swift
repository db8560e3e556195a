import ExchangeSettings
import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

// The folders and files of the set-up.
extension Init {
  /// Says that the settings are kept, and that answers are not used then.
  func noteSettings() {
    note(kept: settingsFile)
    // That it is a trial is no answer.
    guard given.contains(where: { $0.key != .host || $0.value != TrialValues.host }) else { return }
    say(
      "the answers of this command are not used: change \(settingsFile) by hand, or name another --directory",
      "svarene i denne kommando bruges ikke: ret \(settingsFile) i hånden, eller angiv en anden --directory")
  }

  /// Makes a folder and those above it, each readable for the service. Where root makes it for a service it gets its
  /// name as the service's own: a command that is stopped leaves none that root alone can get into.
  func makeFolder(_ path: FilePath, mode: mode_t) throws(CommandFailure) {
    if path.isEmpty || InputFile.exists(path) { return }
    let parent = path.removingLastComponent()
    try makeFolder(parent, mode: 0o755)
    // `a/..` is there as soon as `a` is.
    if InputFile.exists(path) { return }
    guard service != nil, let name = path.lastComponent else { return try makeNewFolder(path, mode: mode) }
    let draft = parent.appending(".\(name.string).filsluse")
    // A command that was stopped has left it.
    rmdir(draft.string)
    try makeNewFolder(draft, mode: mode)
    try owned(draft) { (service: ServiceUser) throws(Errno) in try service.share(folder: draft) }
    try rename(draft, to: path)
  }

  private func makeNewFolder(_ path: FilePath, mode: mode_t) throws(CommandFailure) {
    guard mkdir(path.string, mode) != 0 else { return }
    throw cannotMake(path, Errno(rawValue: errno))
  }

  /// Gives a new folder its name.
  func rename(_ draft: FilePath, to folder: FilePath) throws(CommandFailure) {
    guard Glibc.rename(draft.string, folder.string) != 0 else { return }
    let reason = Errno(rawValue: errno)
    rmdir(draft.string)
    throw cannotMake(folder, reason)
  }

  private func cannotMake(_ folder: FilePath, _ reason: Errno) -> CommandFailure {
    failure(
      .localIO, "\(folder) cannot be made: \(reason.words.en)", "\(folder) kan ikke oprettes: \(reason.words.da)")
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

  /// Writes the texts to others and the list.
  func writeTexts(_ setUp: SetUp, _ answers: inout InitAnswers) throws {
    try makeFolder(folder.appending("texts"), mode: 0o755)
    let letters = setUp.letters
    var texts = letters.map { (name: "texts/\($0.fileName)", text: $0.text) }
    texts.append((name: Self.listName, text: setUp.list(in: answers.fileLanguage)))
    try write(texts, &answers)
    for letter in letters {
      let path = folder.appending("texts").appending(letter.fileName)
      say(
        "\(path): from \(letter.sender.en), to \(letter.recipient)",
        "\(path): fra \(letter.sender.da), til \(letter.recipient)")
    }
  }

  /// Writes files of the set-up. A file that this command has written before, and that no person has changed since, is
  /// written again where the answers have changed; any other stays.
  ///
  /// - Throws: `CommandFailure` with all files that stay although the answers have changed.
  func write(_ texts: [(name: String, text: String)], _ answers: inout InitAnswers) throws(CommandFailure) {
    var (changed, others): ([String], [String]) = ([], [])
    for (name, text) in texts {
      let path = folder.pushing(FilePath(name))
      let earlier = answers.digests(of: name)
      let digest = SHA256.digest(of: Array(text.utf8))
      guard InputFile.exists(path) else {
        try write(text, digest, to: path, named: name, replacing: false, &answers)
        continue
      }
      let found = SHA256.digest(of: try InputFile.read(path, upTo: 1 << 20))
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
        "\(names): what is there was changed by hand, or made from other answers, and stays",
        "\(names): det, der er der, er rettet i hånden eller lavet af andre svar og bliver",
        remedy: LocalizedText(
          "remove it to have it made anew by the same command", "fjern det for at få det lavet igen af samme kommando")
      )
    }
  }

  /// Returns true for an existing file whose content this command has not written: a person has changed it since.
  func isEdited(_ path: FilePath, _ answers: InitAnswers) throws(CommandFailure) -> Bool {
    guard let name = path.lastComponent?.string, InputFile.exists(path) else { return false }
    let found = SHA256.digest(of: try InputFile.read(path, upTo: 1 << 20))
    return !answers.digests(of: name).contains(found)
  }

  private func write(
    _ text: String, _ digest: SHA256Digest, to path: FilePath, named name: String, replacing isReplacing: Bool,
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
        .localIO, "\(path) is not written: \(error)", "\(path) er ikke skrevet: \(error.shown)",
        remedy: LocalizedText(error.remedy, error.shownRemedy))
    }
  }

  func note(kept path: FilePath) {
    say("\(path) is there already and stays as it is", "\(path) er der allerede og bliver, som den er")
  }
}
