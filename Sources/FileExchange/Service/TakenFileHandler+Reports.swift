internal import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The reports of files and deliveries that wait for a person, each with its end.
extension TakenFileHandler {
  /// Reports entries of a folder that are no files to be sent. They are left for a person to look at.
  func report(ofIrregularEntries names: some Sequence<[UInt8]>, in folder: LocalFolder) {
    for name in names {
      let path = folder.shownPath(of: name)
      reporter.attention(
        .notPlain, account: account.name, of: path, at: folder.place(of: name), Self.irregular(path, in: folder))
    }
  }

  private static func irregular(_ path: String, in folder: LocalFolder) -> LocalizedText {
    if folder.path.lastComponent?.string == OpenedWatchedFolder.takenName {
      return LocalizedText(
        "another program put \(path) among the taken files: it is not sent, and stays there; see which program, and move it away",
        "Et andet program har lagt \(path) blandt de tagne filer: den sendes ikke og bliver liggende. Find ud af, hvilket program det er, og flyt den væk."
      )
    }
    return LocalizedText(
      "\(path) is a symbolic link or another entry that is no plain file: it is not sent, and stays there; see who put it there, and move it away",
      "\(path) er et symbolsk link eller andet end en almindelig fil: den sendes ikke og bliver liggende. Find ud af, hvem der har lagt den, og flyt den væk."
    )
  }

  /// Reports that such entries are gone.
  func report(ofIrregularEntriesGone names: some Sequence<[UInt8]>, from folder: LocalFolder) {
    for name in names {
      let path = folder.shownPath(of: name)
      reporter.isOver(.notPlain, account: account.name, of: path, LocalizedText("\(path) is gone", "\(path) er væk."))
    }
  }

  /// Reports files whose names, or missing ready-markers, mark them as unfinished, and that their program may have
  /// forgotten.
  func report(ofUnfinished names: some Sequence<[UInt8]>, in watched: OpenedWatchedFolder, for duration: Duration) {
    let folder = watched.folder
    for name in names {
      let path = folder.shownPath(of: name)
      reporter.attention(
        .unfinishedName, account: account.name, of: path, at: folder.place(of: name),
        Self.unfinished(path, name, marker: watched.rules.readyMarker, for: duration))
    }
  }

  private static func unfinished(
    _ path: String, _ name: [UInt8], marker: String?, for duration: Duration
  ) -> LocalizedText {
    let (time, danishTime) = (DurationText.format(duration), minutes(duration))
    switch WatchedName(name, marker: marker.map { Array($0.utf8) }, suffixes: .default) {
    case .marker:
      return LocalizedText(
        "\(path) is a ready-marker that has had no file for \(time): put the file there, or remove the marker",
        "\(path) er et klar-mærke, der har været uden fil i over \(danishTime): læg filen dér, eller fjern mærket.")
    case .data, .unusable:
      return LocalizedText(
        "\(path) has had no ready-marker for \(time), and is not sent: make the marker if the file is finished, or remove the file",
        "\(path) har været uden klar-mærke i over \(danishTime) og sendes ikke: lav mærket, hvis filen er færdig, eller fjern filen."
      )
    case .temporary:
      let kind =
        name.first == UInt8(ascii: ".")
        ? LocalizedText("a hidden name", "et skjult navn")
        : LocalizedText("a name for unfinished files", "et navn for ufærdige filer")
      return LocalizedText(
        "\(path) has had \(kind.en) for \(time), and is not sent: rename it if it is finished, or remove it",
        "\(path) har haft \(kind.da) i over \(danishTime) og sendes ikke: omdøb den, hvis den er færdig, eller fjern den."
      )
    }
  }

  private static func minutes(_ duration: Duration) -> String {
    let minutes = max(1, duration.components.seconds / 60)
    return minutes.counted("minut", "minutter")
  }

  /// Resolves the problems of such files that are gone, or have another name.
  func report(ofUnfinishedGone names: some Sequence<[UInt8]>, from folder: LocalFolder) {
    for name in names {
      let path = folder.shownPath(of: name)
      reporter.isOver(
        .unfinishedName, account: account.name, of: path,
        LocalizedText("\(path) is gone, or has another name", "\(path) er væk eller har et andet navn."))
    }
  }

  /// Reports a taken file that is gone before it was sent.
  func report(ofMissing item: TakenFile, from folder: OpenedWatchedFolder) async {
    await reporter.reporting(account) { () async throws(ExchangeError) in
      let delivery = try await exchange.journal.lastDelivery(from: item.journalPath)
      if let delivery, delivery.state.isFinished { return }
      let number = delivery.map { "D\($0.id)" }
      let end = number.map { ", or end its delivery: \(Remedy.Step.cancel($0))" } ?? ""
      let endInDanish = number.map { ", eller afslut dens levering med \(Remedy.Step.cancel($0))" } ?? ""
      reporter.attention(
        .missing, account: account.name, of: item.journalPath,
        LocalizedText(
          "\(item.name) was taken and not sent yet, and is gone from \(folder.taken.path): put it back there as \(item.nameInTaken)\(end)",
          "\(item.name) var taget og endnu ikke sendt, og den er væk fra \(folder.taken.path): læg den tilbage dér som \(item.nameInTaken)\(endInDanish)."
        ))
    }
  }

  /// Resolves the problems of a taken file that is in its place, or in progress again.
  func report(ofWell item: TakenFile, in folder: OpenedWatchedFolder) {
    let ending = LocalizedText("\(item.name) goes on", "\(item.name) er kommet videre.")
    reporter.isOver(
      .missing, account: account.name, of: item.journalPath,
      LocalizedText("\(item.name) is there again", "\(item.name) er der igen."))
    reporter.isOver(.fileRefused, account: account.name, of: item.journalPath, ending)
    reporter.isOver(.nameTaken, account: account.name, of: folder.path(of: item).string, ending)
    let path = folder.taken.shownPath(of: Array(item.nameInTaken.utf8))
    reporter.isOver(.secondName, account: account.name, of: path, ending)
  }

  /// Reports a taken file that cannot be put in its final place. It stays in `.taken`, and is tried again.
  func report(ofStuck item: TakenFile, in folder: OpenedWatchedFolder, because error: ExchangeError) {
    reporter.attention(
      .fileRefused, account: account.name, of: item.journalPath, at: folder.path(of: item),
      LocalizedText(
        "\(item.name) cannot get further: \(error)", "\(item.name) kan ikke komme videre. \(error.inDanish)"))
  }

  /// Reports a file that has had a second name for long.
  func report(ofSecondName name: [UInt8], in folder: LocalFolder) {
    let path = folder.shownPath(of: name)
    reporter.attention(
      .secondName, account: account.name, of: path, at: folder.place(of: name),
      LocalizedText(
        "\(path) has a second name (a hard link), by which it could be changed while it is sent: it waits until it has one alone; remove the other, or put a copy there",
        "\(path) har et navn mere (et hårdt link), som den kunne ændres gennem, mens den sendes: den venter, til den kun har ét. Fjern det andet navn, eller læg en kopi i stedet."
      ))
  }

  /// Reports a refused delivery from no watched folder: a business receipt, or a file sent by hand.
  func report(ofRefused delivery: Delivery) {
    guard delivery.state == .refused else { return }
    reporter.attention(
      .refused, account: account.name, number: "D\(delivery.id)",
      LocalizedText(
        "the platform refused D\(delivery.id) \(delivery.wireName): \(delivery.outcome ?? "no reason given"); when that is mended: \(Remedy.Step.retry("D\(delivery.id)"))",
        "Platformen har afvist D\(delivery.id) \(delivery.wireName). Når årsagen er rettet: \(Remedy.Step.retry("D\(delivery.id)"))."
      ))
  }

  /// Reports a delivery from no watched folder that its sender has abandoned.
  func report(ofAbandoned delivery: Delivery) {
    let since = WallClock.denmark.stamp(at: delivery.changedAt)
    reporter.attention(
      .abandoned, account: account.name, number: "D\(delivery.id)",
      LocalizedText(
        "D\(delivery.id) \(delivery.wireName) by \(delivery.route) has been \(delivery.state.rawValue) since \(since), and no process is sending it: \(Remedy.retryOrCancel("D\(delivery.id)"))",
        "D\(delivery.id) \(delivery.wireName) ad ruten \(delivery.route) har ikke ændret sig siden \(since), og ingen proces sender den. Gør den færdig med \(Remedy.Step.retry("D\(delivery.id)")), eller afslut den med \(Remedy.Step.cancel("D\(delivery.id)"))."
      ))
  }
}

extension LocalizedText {
  /// A file of a watched folder that was set aside.
  static func setAside(_ name: String, in subfolder: String, because reason: LocalizedText) -> LocalizedText {
    LocalizedText(
      "\(name) is set aside in \(subfolder): \(reason.en)", "\(name) er lagt til side i \(subfolder): \(reason.da).")
  }

  /// An arrival that was set aside.
  static func setAside(_ arrival: Arrival) -> LocalizedText {
    let retry = Remedy.Step.retry("A\(arrival.id)")
    return LocalizedText(
      "\(arrival.wireName.string) is set aside: \(arrival.reasonText.en); when that is mended: \(retry)",
      "\(arrival.wireName.string) er lagt til side: \(arrival.reasonText.da). Når årsagen er rettet: \(retry).")
  }
}

extension LocalFolder {
  /// The path of an entry of the folder, for a line of text.
  func shownPath(of name: [UInt8]) -> String {
    VisibleText.oneLine("\(path)/\(String(decoding: name, as: UTF8.self))")
  }

  /// The path of an entry of the folder; `nil` for a name that is not UTF-8.
  func place(of name: [UInt8]) -> FilePath? { String(validating: name, as: UTF8.self).map { path.appending($0) } }
}
