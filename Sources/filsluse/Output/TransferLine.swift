import FileExchange
import FilsluseBase
import TriggerFiles

/// One line on the terminal with the progress of a transfer, written over itself; nothing where there is no terminal.
final class TransferLine: Sendable {
  private struct Count: Sendable {
    var bytes: UInt64 = 0
    var files = 0
    var lastShown: ContinuousClock.Instant?
  }

  private let verb: String
  private let total: Int?
  private let start = ContinuousClock.now
  private let count = Locked(Count())
  private let isShown = Output.showsProgress

  init(verb: String, total: Int?) {
    self.verb = verb
    self.total = total
  }

  func add(bytes: UInt64) { change { $0.bytes += bytes } }

  func addFile() { change { $0.files += 1 } }

  /// Takes the news of a collection.
  func note(_ news: Exchange.CollectionProgress) {
    switch news {
    case .fetched(let bytes): add(bytes: bytes)
    case .collected: addFile()
    case .found: break
    }
  }

  /// Says something in a line of its own, in place of the figures, which come again with the next news.
  func say(_ text: String) {
    if isShown { Output.write("\r\u{1B}[K", to: 2) }
    Output.note(text)
  }

  /// Leaves the last figures standing and goes to the next line.
  func finish() {
    guard isShown, count.withLock({ $0.lastShown }) != nil else { return }
    Output.remark("\r\u{1B}[K\(text(count.withLock { $0 }))")
  }

  private func change(_ change: (inout Count) -> Void) {
    guard isShown else { return }
    let line: String? = count.withLock { count in
      change(&count)
      let now = ContinuousClock.now
      if let last = count.lastShown, last + .milliseconds(100) > now { return nil }
      count.lastShown = now
      return text(count)
    }
    if let line { LineWriter.standardError.addPassing("\r\u{1B}[K\(line)") }
  }

  private func text(_ count: Count) -> String {
    let noun = (english: (one: "file", many: "files"), danish: (one: "fil", many: "filer"))
    let files =
      total.map { total in
        let all = total.counted(noun.english, noun.danish)
        return LocalizedText("\(count.files) of \(all)", "\(count.files) af \(all)").shown
      } ?? count.files.counted(noun.english, noun.danish)
    return "\(verb) \(files), \(Readable.megabytes(count.bytes)), \(Readable.speed(count.bytes, in: .now - start))"
  }
}
