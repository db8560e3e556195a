internal import FilsluseBase
internal import FilsluseStore
internal import SystemPackage

/// The content of an open journal whose file was removed or replaced: it is saved beside the journal while the open
/// connection can still read it. A server keeps its content itself.
final class DisplacedContent: Sendable {
  /// The copy that was saved, and why the last attempt saved none.
  private let saved = Locked<(copy: SavedJournal.Copy?, failure: ExchangeError?)?>(nil)

  /// Raises the mark and saves the content, and adds the path of the copy to the error. Blocks.
  ///
  /// - Parameters:
  ///   - file: the open database; `nil` on a server.
  ///   - isClosing: saves it again where entries were added since: the programs that were running then have ended.
  func save(
    _ displacement: ExchangeError, of journal: FilePath, _ file: DurableDatabase?, _ keeper: any JournalKeeper,
    isClosing: Bool = false
  ) -> ExchangeError {
    var displacement = displacement
    do throws(ExchangeError) {
      try keeper.raiseAfterDisplacement()
    } catch {
      displacement = displacement.adding("; its high-water mark could not be raised: \(error.message)")
    }
    guard let file else { return displacement }
    let (copy, failure) = saved.withLock { saved -> (copy: SavedJournal.Copy?, failure: ExchangeError?) in
      if let saved, !isClosing { return saved }
      var copy = saved?.copy
      var failure: ExchangeError?
      do throws(ExchangeError) {
        // By the writer's connection: SQLite would open a further one by the name that is another file's now.
        let end = isClosing ? (try? file.write(JournalAnchor.last)) : nil
        copy = try SavedJournal(journal: journal, end: end ?? keeper.end).save(replacing: copy) { draft in
          try file.vacuum(into: draft)
        }
      } catch {
        failure = error
      }
      saved = (copy: copy, failure: failure)
      return (copy: copy, failure: failure)
    }
    if let copy { displacement = displacement.naming(saved: copy.path) }
    if let failure {
      let subject = copy == nil ? "a copy of what it held" : "what was written after that"
      displacement = displacement.adding("; \(subject) could not be saved: \(failure.message)")
    }
    return displacement
  }
}
