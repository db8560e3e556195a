import FilsluseBase
import SystemPackage
import TriggerFiles

/// The OUT folder of one system of the platform, as the router looks at it again and again.
struct SystemOutbox {
  let system: PlatformSystem
  let folder: FilePath
  /// The time for which an incomplete trigger must stay unchanged before it counts as finished, and wrong.
  let settle: Nanoseconds

  /// Triggers that are still being written, or are wrong: what they were like, and since when.
  private var unfinished: [WireName: (state: FileState, since: Nanoseconds)] = [:]
  /// Names that can never be a delivery and were logged already.
  private var strange: Set<[UInt8]> = []

  init(system: PlatformSystem, folder: FilePath, settle: Duration) {
    self.system = system
    self.folder = folder
    self.settle = Nanoseconds(settle)
  }

  /// The result of one look.
  struct Look {
    /// Complete pairs, to be taken.
    var pairs: [WireName] = []
    /// Triggers that can never become a delivery, with the reason; each is reported once.
    var strange: [String] = []
  }

  /// Looks for complete pairs: a data file, and a trigger that is a whole document or has lain untouched for a while.
  mutating func look() throws(PlatformError) -> Look {
    var look = Look()
    let suffix = Array(WireSuffixes.default.trigger.utf8)
    var seen: Set<WireName> = []
    for bytes in try FolderListing.names(in: folder)
    where bytes.count > suffix.count && bytes.suffix(suffix.count) == suffix[...] {
      // A leading dot is how clients mark what is not finished.
      if bytes.first == UInt8(ascii: ".") { continue }
      do throws(WireNameError) {
        let name = try WireName(bytes: Array(bytes.dropLast(suffix.count)))
        seen.insert(name)
        if isComplete(name) { look.pairs.append(name) }
      } catch {
        if strange.insert(bytes).inserted { look.strange.append(error.description) }
      }
    }
    unfinished = unfinished.filter { seen.contains($0.key) }
    look.pairs.sort()
    return look
  }

  private mutating func isComplete(_ name: WireName) -> Bool {
    let trigger = folder.appending(name.string + WireSuffixes.default.trigger)
    guard let state = FileState(trigger), FileState(folder.appending(name.string)) != nil else { return false }
    if let earlier = unfinished[name], earlier.state == state { return Nanoseconds.now - earlier.since >= settle }
    if state.isRegular, let bytes = try? WholeFile.read(trigger), (try? Trigger(reading: bytes)) != nil { return true }
    unfinished[name] = (state, .now)
    return false
  }
}
