internal import ExchangeSettings
internal import FilsluseBase
import Glibc
internal import SystemPackage
internal import TriggerFiles

/// The final places of a taken file. Each call returns whether there was anything left to do.
///
/// None waits for the disk: a loss of power that undoes a move leaves the file in `.taken`, and the next run finds its
/// delivery finished and moves it again.
extension OpenedWatchedFolder {
  /// The result of putting a file away.
  enum PutAway: Sendable {
    /// It was not there any more.
    case wasGone
    case done
    /// It was moved, but the text beside it could not be written: a full disk, for example.
    case withoutText(ExchangeError)
  }

  /// The platform has it: it goes to `sent/DAY`, or away.
  func close(_ item: TakenFile, delivery: Int64) throws(ExchangeError) -> Bool {
    guard try taken.contains(item.nameInTaken) else { return false }
    switch rules.whenAccepted {
    case .remove: try taken.remove(item.nameInTaken)
    case .keep:
      let day = try folder.ownSubfolder("sent").ownSubfolder(WallClock.denmark.reading(at: .now).day.description)
      try move(item, to: day, number: "D\(delivery)")
    }
    return true
  }

  /// The platform has refused it: it goes to `refused/D12`, with the receipt beside it.
  func refuse(_ item: TakenFile, delivery: Delivery, receiptSuffix: String) throws(ExchangeError) -> PutAway {
    guard try taken.contains(item.nameInTaken) else { return .wasGone }
    let receipt = delivery.receipt ?? Array((delivery.outcome ?? "").utf8)
    let subfolder = try folder.inNewSubfolder(of: "refused", "D\(delivery.id)") { subfolder throws(ExchangeError) in
      try move(item, to: subfolder, number: "D\(delivery.id)")
    }
    return subfolder.note(receipt, under: item.name + receiptSuffix)
  }

  /// It cannot be sent: it goes to `set-aside/D12` (or under its mark, where there is no delivery), with the reason.
  func setAside(_ item: TakenFile, delivery: Int64?, reason: LocalizedText) throws(ExchangeError) -> PutAway {
    guard try taken.contains(item.nameInTaken) else { return .wasGone }
    let number = delivery.map { "D\($0)" } ?? item.mark
    let subfolder = try folder.inNewSubfolder(of: "set-aside", number) { subfolder throws(ExchangeError) in
      try move(item, to: subfolder, number: item.mark)
    }
    return subfolder.note(reason)
  }

  /// Moves a file with a name that cannot be sent, and that was therefore never taken, to `set-aside` under a mark.
  func setAside(_ name: [UInt8], mark: String, reason: LocalizedText) throws(ExchangeError) -> PutAway {
    var isMoved = false
    let subfolder = try folder.inNewSubfolder(of: "set-aside", mark) { subfolder throws(ExchangeError) in
      isMoved = try folder.relocate(name, to: subfolder, as: name)
      if !isMoved, try folder.entry(name) != nil { throw Self.allNamesTaken(name, in: subfolder) }
    }
    return isMoved ? subfolder.note(reason) : .wasGone
  }

  /// The name of the file beside one that was set aside, with the reason in Danish and in English.
  static let reasonName = "reason.txt"

  /// Removes files from `sent` after the time that the settings keep them: whole days, counted in Denmark.
  ///
  /// - Returns: the number of removed files.
  func clearSent(at now: Timestamp) throws(ExchangeError) -> Int {
    guard let keep = rules.keepSent, try folder.contains("sent") else { return 0 }
    let oldest = WallClock.denmark.reading(at: now.earlier(by: keep)).day.description
    let sent = try folder.ownSubfolder("sent")
    var days: [String] = []
    try sent.forEachName { name throws(ExchangeError) in
      let day = String(decoding: name, as: UTF8.self)
      if Self.isDay(name), day < oldest { days.append(day) }
      return true
    }
    var removed = 0
    for day in days {
      let subfolder = try sent.ownSubfolder(day)
      var names: [[UInt8]] = []
      try subfolder.forEachName { name throws(ExchangeError) in
        names.append(name)
        return true
      }
      for name in names where try subfolder.entry(name)?.isRegular == true {
        try subfolder.remove(name)
        removed += 1
      }
      // A folder with other files in it stays.
      sent.removeIfEmpty(day)
    }
    return removed
  }

  /// `2026-11-21`, as we name days.
  private static func isDay(_ name: [UInt8]) -> Bool {
    name.count == 10
      && name.enumerated().allSatisfy { $0 == 4 || $0 == 7 ? $1 == UInt8(ascii: "-") : (0x30...0x39).contains($1) }
  }

  /// The subfolder that a delivery's file was put into when it was refused or set aside.
  func restingPlace(of delivery: Delivery) throws(ExchangeError) -> LocalFolder? {
    guard let item = TakenFile(journalPath: delivery.localPath) else { return nil }
    for subfolder in ["refused", "set-aside"] where try folder.contains(subfolder) {
      let all = try folder.ownSubfolder(subfolder)
      guard try all.contains("D\(delivery.id)") else { continue }
      let own = try all.ownSubfolder("D\(delivery.id)")
      if try own.contains(item.name) { return own }
    }
    return nil
  }

  /// Moves a file back into the watched folder, to be taken again. Its receipt or reason stays.
  func putBack(_ item: TakenFile, from subfolder: LocalFolder) throws(ExchangeError) {
    guard try subfolder.relocate(Array(item.name.utf8), to: folder, as: Array(item.name.utf8)) else {
      throw ExchangeError(
        .localFile, operation: "put back", path: item.name, message: "a file of that name lies in \(rules.path)",
        remedy: "wait until that one is taken, and try again"
      ).inDanish("Der ligger en fil ved navn \(item.name) i \(rules.path). Vent, til den er taget, og prøv igen.")
    }
    if let marker = rules.readyMarker { try folder.createIfMissing(item.name + marker) }
    try folder.synchronize()
    try subfolder.synchronize()
  }

  /// Moves it there; if the name exists, the number is added before the extension: `a.csv`, `a~D12.csv`.
  private func move(_ item: TakenFile, to subfolder: LocalFolder, number: String) throws(ExchangeError) {
    for name in [item.name, item.name.marked("~\(number)", atMost: 255), "\(number)"] {
      if try taken.relocate(Array(item.nameInTaken.utf8), to: subfolder, as: Array(name.utf8)) { return }
      if try !taken.contains(item.nameInTaken) { return }
    }
    throw Self.allNamesTaken(Array(item.name.utf8), in: subfolder)
  }

  private static func allNamesTaken(_ name: [UInt8], in subfolder: LocalFolder) -> ExchangeError {
    ExchangeError(
      .localFile, operation: "move", path: String(decoding: name, as: UTF8.self),
      message: "every name for it is taken in \(subfolder.path)", remedy: "clear that folder"
    ).inDanish(
      "Hvert navn for \(String(decoding: name, as: UTF8.self)) er taget i \(subfolder.path). Ryd op i den mappe.")
  }
}

extension LocalFolder {
  /// Moves a file into a new subfolder. The text beside it is written afterwards: a full disk has no room for the text,
  /// but the move needs none. If the move fails, the empty subfolder is removed.
  fileprivate func inNewSubfolder(
    of kind: String, _ name: String, _ move: (LocalFolder) throws(ExchangeError) -> Void
  ) throws(ExchangeError) -> LocalFolder {
    let all = try ownSubfolder(kind)
    let subfolder = try all.ownSubfolder(name)
    defer { all.removeIfEmpty(name) }
    try move(subfolder)
    return subfolder
  }

  fileprivate func note(_ reason: LocalizedText) -> OpenedWatchedFolder.PutAway {
    let text = [reason.da, reason.en].map { "\(VisibleText.lines($0))\n" }.joined(separator: "\n")
    return note(Array(text.utf8), under: OpenedWatchedFolder.reasonName)
  }

  /// Writes a small file beside one that was moved away; an existing one with the name is replaced.
  fileprivate func note(_ bytes: [UInt8], under name: String) -> OpenedWatchedFolder.PutAway {
    do throws(ExchangeError) {
      try remove(name)
      try LocalFile(name, in: self, flags: O_WRONLY | O_CREAT | O_EXCL).write(bytes, at: 0)
      return .done
    } catch {
      return .withoutText(error)
    }
  }
}
