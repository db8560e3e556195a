internal import CSystemShim
internal import ExchangeSettings
internal import FilsluseBase
internal import Foundation
import Glibc
internal import SystemPackage

/// The machines that reach a watched folder, if several use the journal at the same time.
///
/// A file in `.taken` records it: the one machine that watches the folder, or the random number of a folder that all
/// machines reach. So two machines take files from one folder only if the settings allow it.
enum FolderReach: Sendable, Hashable {
  /// One machine, by its random number and, for people, its host's name.
  case machine(number: String, host: String)
  /// All machines.
  case shared(number: String)

  /// The name of the file in `.taken`, and the prefix of its temporary names.
  static let fileName = ".machine"

  /// The content of the file.
  var text: String {
    switch self {
    case .machine(let number, let host): "machine \(number) \(host)\n"
    case .shared(let number): "shared \(number)\n"
    }
  }

  /// Reads the content of the file. An unreadable content stands for an unknown machine.
  init(_ text: String) {
    let words = text.split(separator: "\n").first?.split(separator: " ").map(String.init) ?? []
    switch words.first {
    case "shared" where words.count == 2: self = .shared(number: words[1])
    case "machine" where words.count > 2:
      self = .machine(number: words[1], host: words.dropFirst(2).joined(separator: " "))
    default: self = .machine(number: "", host: "unknown")
    }
  }
}

extension OpenedWatchedFolder {
  /// Checks that the folder has the reach of the settings, and that no other machine takes files from it against them.
  ///
  /// - Returns: the number of a folder that all machines reach; `nil` for one that only this machine watches.
  /// - Throws: ``ExchangeError`` with code `local-file` if another machine watches it, it is on a network file system,
  ///   or other settings give it another reach; `journal`.
  func requireReach(of server: JournalServer?, _ journal: Journal) async throws(ExchangeError) -> String? {
    guard let server, let own = MachineIdentity.name(beside: journal.path) else { return nil }
    let mine = FolderReach.machine(number: own, host: MachineIdentity.hostName)
    let isShared = server.machines == .several && server.outgoingFolders == .shared
    let found = try await BlockingThreads.shared.run { () throws(ExchangeError) -> FolderReach? in
      if server.machines == .several, !isShared { try requireLocalDisk() }
      return try reach()
    }
    switch found {
    // A journal for one machine needs no such file.
    case nil where server.machines == .one: return nil
    case nil: break
    case .shared(number: let number)?:
      if isShared { return number }
      if server.machines == .several { throw isUsedAsShared }
    case .machine(number: own, host: _)?:
      if !isShared { return nil }
    case .machine(number: let number, host: let host)?:
      guard try await journal.isGone(machine: number) || server.machines == .one else { throw isWatched(by: host) }
    }
    let new = isShared ? FolderReach.shared(number: UUID().uuidString) : mine
    return try await BlockingThreads.shared.run { () throws(ExchangeError) -> String? in
      guard try setReach(new, inPlaceOf: found, as: own) else { throw hasChanged }
      if case .shared(let number) = new { return number }
      return nil
    }
  }

  private func reach() throws(ExchangeError) -> FolderReach? {
    guard try taken.contains(FolderReach.fileName) else { return nil }
    let file = try LocalFile(FolderReach.fileName, in: taken, flags: O_RDONLY)
    return FolderReach(String(decoding: try file.read(upTo: 1000, at: 0), as: UTF8.self))
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Returns: false where another machine was first.
  private func setReach(
    _ reach: FolderReach, inPlaceOf former: FolderReach?, as machine: String
  ) throws(ExchangeError) -> Bool {
    let draft = "\(FolderReach.fileName).\(machine)"
    try taken.clear(draft)
    let file = try LocalFile(draft, in: taken, flags: O_WRONLY | O_CREAT | O_EXCL)
    try file.write(Array(reach.text.utf8), at: 0)
    try file.synchronize()
    if former == nil {
      guard try taken.move(draft, to: taken, as: FolderReach.fileName) else {
        try taken.remove(draft)
        return false
      }
    } else {
      try taken.replace(FolderReach.fileName, with: draft)
    }
    try taken.synchronize()
    return true
  }

  // MARK: Refusals

  /// The types of file systems that other machines reach, as `statfs` gives them: NFS, SMB, CIFS, SMB2, AFS, Ceph,
  /// Lustre, OCFS2, GFS2. FUSE is not among them: it may be either.
  private static let networkFileSystems: Set<UInt32> = [
    0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x00C3_6400, 0x0BD0_0BD0, 0x7461_636F, 0x0116_1970,
  ]

  /// Returns true for a type of file system that other machines reach.
  static func isOfNetwork(_ type: UInt32) -> Bool { networkFileSystems.contains(type) }

  private func requireLocalDisk() throws(ExchangeError) {
    let type = filsluse_file_system_type(taken.fileDescriptor)
    guard type >= 0 else { throw LocalFile.failure("look at the disk", taken.path, errno) }
    guard Self.isOfNetwork(UInt32(truncatingIfNeeded: type)) else { return }
    throw refusal(
      "it is on a network file system, where other machines may reach it, and with machines: several each machine has outgoing folders of its own",
      "put it on a disk of this machine, or write outgoing-folders: shared under journal: in the settings of all machines",
      "Mappen \(rules.path) er på et netværksfilsystem, hvor andre maskiner kan nå den, og med machines: several har hver maskine sine egne udgående mapper. Læg den på en af maskinens egne diske, eller skriv outgoing-folders: shared under journal: i alle maskiners indstillinger."
    )
  }

  private func isWatched(by host: String) -> ExchangeError {
    let host = Masked.name(host)
    return refusal(
      "the machine \(host) watches it, and with machines: several each machine has outgoing folders of its own",
      "name another folder here, or write outgoing-folders: shared under journal: in the settings of all machines and remove \(markerPath)",
      "Maskinen \(host) overvåger mappen \(rules.path), og med machines: several har hver maskine sine egne udgående mapper. Nævn en anden mappe her, eller skriv outgoing-folders: shared under journal: i alle maskiners indstillinger, og fjern \(markerPath)."
    )
  }

  private var isUsedAsShared: ExchangeError {
    refusal(
      "the settings of another machine say that all reach it, and these say that each has its own",
      "say the same in all settings; where no other machine reaches it, remove \(markerPath)",
      "En anden maskines indstillinger siger, at alle når mappen \(rules.path), og disse siger, at hver har sine egne. Skriv det samme i alle indstillinger; når ingen anden maskine den, så fjern \(markerPath)."
    )
  }

  private var hasChanged: ExchangeError {
    refusal(
      "another machine has begun with it just now", "nothing: it is looked at again",
      "En anden maskine er netop begyndt på mappen \(rules.path). Der ses efter igen.")
  }

  private var markerPath: FilePath { taken.path.appending(FolderReach.fileName) }

  private func refusal(_ message: String, _ remedy: String, _ danish: String) -> ExchangeError {
    ExchangeError(
      .localFile, operation: "watch the folder", path: rules.path.string, message: message, remedy: remedy
    ).inDanish(danish)
  }
}
