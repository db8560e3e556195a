import FoundationEssentials
import LocalPlatform
import SystemPackage
import TriggerFiles

// What must be true after every round.
extension ChangeWorker {
  /// Returns true if everything of a round has arrived, and nothing of it is anywhere else.
  func isDone(_ payload: Payload) -> Bool {
    Set(arrivals(of: payload).map(\.name)).count == payload.names.count && isAtRest(payload, ChangeEffect())
  }

  /// Returns true if the fate of every file of a round is settled: it has arrived, or it is where a person finds it.
  func isAccounted(_ payload: Payload, _ effect: ChangeEffect?) -> Bool {
    let effect = effect ?? ChangeEffect()
    let (came, kept) = (Set(arrivals(of: payload).map(\.name)), Set(setAside(payload)))
    return isAtRest(payload, effect)
      && payload.names.allSatisfy { came.contains($0) || kept.contains($0) || effect.mayBeMissing.contains($0) }
  }

  /// Returns true if nothing of a round is on its way on either side.
  private func isAtRest(_ payload: Payload, _ effect: ChangeEffect) -> Bool {
    let waiting = names(in: outgoing) + names(in: outgoing.appending(".taken"))
    let remote =
      names(in: arrived) + names(in: platform.outFolder(of: PlatformPlan.sender(number)))
      + names(in: platform.inFolder(of: PlatformPlan.sender(number)))
    return (waiting + remote).allSatisfy { name in
      !name.contains(payload.prefix) || effect.mayStay.contains { name.contains($0) }
    }
  }

  /// Compares what arrived with what was sent.
  func inspect(_ payload: Payload, _ effect: ChangeEffect?, isReported: Bool) -> [(ChangeTally.Fault, String)] {
    let effect = effect ?? ChangeEffect()
    var faults: [(ChangeTally.Fault, String)] = []
    let came = arrivals(of: payload)
    for name in payload.names {
      let copies = came.filter { $0.name == name }
      let allowed = [payload.content(of: name)] + (effect.contents[name].map { [$0] } ?? [])
      if copies.contains(where: { !allowed.contains($0.content) }) { faults.append((.damaged, name)) }
      let distinct = Set(copies.map(\.content)).count
      if copies.count > distinct || distinct > 1 && effect.contents[name] == nil { faults.append((.doubled, name)) }
      guard copies.isEmpty else { continue }
      let lies = setAside(payload).contains(name) || isLeft(name)
      if !lies, !effect.mayBeMissing.contains(name) { faults.append((.lost, name)) }
      if !isReported, !effect.wasOwnersWish { faults.append((.unreported, name)) }
    }
    if let (name, content) = effect.replacedInIN, !names(in: arrived).contains(name),
      !came.contains(where: { $0.content == content }), !effect.isTakenBack()
    {
      faults.append((.removedUnread, name))
    }
    if let name = effect.replacedInIN?.name, names(in: arrived).contains(name), !isReported {
      faults.append((.unreported, "what was put in the place of \(name) in IN"))
    }
    for name in names(in: inbox) where name.hasPrefix("l") && !name.hasPrefix("l\(number)r") {
      faults.append((.misdirected, name))
    }
    return faults
  }

  /// A file that arrived, under the name that its sender gave it.
  struct Came {
    let name: String
    let content: Data
  }

  func arrivals(of payload: Payload) -> [Came] {
    names(in: inbox).filter { $0.hasPrefix(payload.prefix) && $0.hasSuffix(".metadata") }.compactMap { file in
      let path = inbox.appending(file).string
      guard let bytes = FileManager.default.contents(atPath: path),
        let metadata = try? FileMetadata(reading: [UInt8](bytes)),
        let content = FileManager.default.contents(atPath: String(path.dropLast(".metadata".count)))
      else { return nil }
      return Came(name: metadata.fileDescriptor.fileName, content: content)
    }
  }

  /// The files of a round that lie in a folder for a person to look at.
  private func setAside(_ payload: Payload) -> [String] {
    ["set-aside", "refused"].flatMap { subfolder -> [String] in
      let folder = outgoing.appending(subfolder)
      return names(in: folder).flatMap { names(in: folder.appending($0)) }
    }.filter { payload.names.contains($0) }
  }

  private func isLeft(_ name: String) -> Bool {
    (names(in: outgoing) + names(in: outgoing.appending(".taken")) + names(in: arrived)).contains { $0.hasSuffix(name) }
  }

  /// Removes what a round has left, as its owners would.
  func takeOut(_ payload: Payload) {
    var folders = [
      inbox, arrived, outgoing, outgoing.appending(".taken"), platform.outFolder(of: PlatformPlan.sender(number)),
      platform.inFolder(of: PlatformPlan.sender(number)),
    ]
    for subfolder in ["set-aside", "refused", "sent"] {
      let folder = outgoing.appending(subfolder)
      folders += names(in: folder).map { folder.appending($0) }
    }
    for folder in folders {
      for name in names(in: folder) where name.contains(payload.prefix) {
        try? FileManager.default.removeItem(atPath: folder.appending(name).string)
      }
    }
  }

  func names(in folder: FilePath) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
  }
}
