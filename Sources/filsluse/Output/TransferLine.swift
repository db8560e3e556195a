import FileExchange
import FilsluseBase
import Glibc
import TriggerFiles

/// The progress of a transfer on standard error: on a terminal one line, written over itself; elsewhere a line every
/// half minute, which says that the work goes on.
final class TransferLine: Sendable {
  private struct State: Sendable {
    var progress: TransferProgress
    var lastShown: ContinuousClock.Instant?
  }

  private let start = ContinuousClock.now
  private let state: Locked<State>
  private let isOnTerminal = Output.showsProgress
  private let interval: Duration

  /// - Parameters:
  ///   - verb: the action on the files, such as `sent`.
  ///   - files: their number; `nil` if not known yet.
  ///   - bytes: their size; `nil` if not known.
  init(verb: String, files: Int?, bytes: UInt64? = nil) {
    state = Locked(State(progress: TransferProgress(verb: verb, files: files, bytes: bytes)))
    interval = Output.showsProgress ? .milliseconds(100) : .seconds(30)
  }

  func add(bytes: UInt64) { change { $0.doneBytes += bytes } }

  /// A file is under way.
  func begin(_ name: String) { change { $0.name = name } }

  func addFile(_ name: String) {
    change {
      $0.doneFiles += 1
      $0.name = name
    }
  }

  /// Updates the line by the progress of a collection.
  func note(_ news: Exchange.CollectionProgress) {
    switch news {
    // An inbox without files is no progress.
    case .found(0): break
    case .found(let count): change { $0.files = ($0.files ?? 0) + count }
    case .fetched(let bytes): add(bytes: bytes)
    case .collected(let arrival): addFile(arrival.wireName.string)
    }
  }

  /// Writes a line of its own in place of the figures, which come again with the next progress.
  func say(_ text: String) { Output.note(text) }

  /// Leaves the last figures standing and goes to the next line.
  func finish() {
    guard isOnTerminal else { return }
    let (progress, isShown) = state.withLock { ($0.progress, $0.lastShown != nil) }
    if isShown { Output.remark(line(progress)) }
  }

  private func change(_ change: (inout TransferProgress) -> Void) {
    if Output.isQuiet { return }
    let progress: TransferProgress? = state.withLock { state in
      change(&state.progress)
      let now = ContinuousClock.now
      // A terminal shows the first figures at once; elsewhere a short transfer says nothing.
      if let last = state.lastShown ?? (isOnTerminal ? nil : start), last + interval > now { return nil }
      state.lastShown = now
      return state.progress
    }
    guard let progress else { return }
    if isOnTerminal {
      LineWriter.standardError.addPassing(line(progress))
    } else {
      Output.remark("filsluse: \(line(progress))")
    }
  }

  private func line(_ progress: TransferProgress) -> String {
    // The last column stays free: a terminal goes to the next line when it is written.
    progress.text(after: .now - start, within: isOnTerminal ? Output.columns(of: STDERR_FILENO).map { $0 - 1 } : nil)
  }
}

/// The progress of a transfer: the part that is done, its speed, and the time that the rest takes.
struct TransferProgress: Sendable {
  let verb: String
  /// The number of files; `nil` where it is not known.
  var files: Int?
  /// Their size; `nil` where it is not known.
  var bytes: UInt64?
  var doneFiles = 0
  var doneBytes: UInt64 = 0
  /// The file that something happened to last.
  var name: String?

  private static let barWidths = 6...20

  /// The figures of a line: fewer where the terminal is narrow.
  private enum Detail: CaseIterable {
    case all, withoutSize, countAndShare, share
  }

  init(verb: String, files: Int?, bytes: UInt64?) {
    (self.verb, self.files, self.bytes) = (verb, files, bytes)
  }

  /// The share that is done, from 0 to 1; `nil` where the whole is not known.
  var share: Double? {
    if let bytes, bytes > 0 { return min(1, Double(doneBytes) / Double(bytes)) }
    guard let files, files > 0 else { return nil }
    return min(1, Double(doneFiles) / Double(files))
  }

  /// Returns the remaining time at the present rate; `nil` before the first progress, and at the end.
  func remaining(after elapsed: Duration) -> Duration? {
    guard let share, share > 0, share < 1 else { return nil }
    return elapsed * ((1 - share) / share)
  }

  /// Returns the line, limited to a number of columns: the name is shortened first, then the bar, then figures are left
  /// out, and the bar last. A longer line would wrap, and its rest would stay when it is overwritten.
  func text(after elapsed: Duration, within limit: Int?) -> String {
    let bare = "\(verb) \(figures(.all, after: elapsed))"
    guard let limit else { return name.map { "\(bare): \(Self.shown($0))" } ?? bare }
    guard let share else { return Self.named(bare, name, within: limit) }
    for detail in Detail.allCases {
      let figures = self.figures(detail, after: elapsed)
      let room = limit - Table.width("\(verb) [] \(figures)")
      guard room >= Self.barWidths.lowerBound else { continue }
      let width = min(room, Self.barWidths.upperBound)
      let full = Int(share * Double(width))
      let bar = String(repeating: "#", count: full) + String(repeating: "-", count: width - full)
      return Self.named("\(verb) [\(bar)] \(figures)", name, within: limit)
    }
    return Self.named(bare, name, within: limit)
  }

  private func figures(_ detail: Detail, after elapsed: Duration) -> String {
    let noun = (english: (one: "file", many: "files"), danish: (one: "fil", many: "filer"))
    var parts: [String] = []
    if let share { parts.append("\(Int(share * 100)) %") }
    if detail == .share { return parts.joined() }
    if let files {
      let all = files.counted(noun.english, noun.danish)
      parts.append(LocalizedText("\(doneFiles) of \(all)", "\(doneFiles) af \(all)").shown)
    } else {
      parts.append(doneFiles.counted(noun.english, noun.danish))
    }
    if detail == .countAndShare { return parts.joined(separator: ", ") }
    let (done, rate) = (Readable.megabytes(doneBytes), Readable.speed(doneBytes, in: elapsed))
    if detail == .withoutSize {
      // The share stands for it.
    } else if let bytes, bytes > 0 {
      let all = Readable.megabytes(bytes)
      parts.append(LocalizedText("\(done) of \(all)", "\(done) af \(all)").shown)
    } else {
      parts.append(done)
    }
    parts.append(rate)
    if let rest = remaining(after: elapsed).map({ Readable.waited($0) }) {
      parts.append(LocalizedText("\(rest) left", "\(rest) tilbage").shown)
    }
    return parts.joined(separator: ", ")
  }

  private static func shown(_ name: String) -> String { Printable.text(Masked.name(name)) }

  /// A line with as much of the name behind it as fits.
  private static func named(_ line: String, _ name: String?, within limit: Int) -> String {
    guard Table.width(line) <= limit else { return cut(line, to: limit) }
    guard let name = name.map(shown) else { return line }
    let room = limit - Table.width(line) - 2
    if Table.width(name) <= room { return "\(line): \(name)" }
    return room > 8 ? "\(line): \(cut(name, to: room))" : line
  }

  /// Shortens a text to a number of columns, with … at its end.
  private static func cut(_ text: String, to limit: Int) -> String {
    guard limit > 0 else { return "" }
    var kept = text.prefix(limit - 1)
    while Table.width(String(kept)) > limit - 1 { kept = kept.dropLast() }
    return "\(kept)…"
  }
}
