import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import TriggerFiles

/// Checks the permissions in an account's folders, and the server's own facts, over a connection.
struct FolderCheck {
  let account: Account
  let client: SFTPClient
  let writes: Bool

  private static let roundTrips = 5
  /// The largest difference of the clocks without a warning: ages of files are measured by the server's clock.
  private static let mostClockDifference: Int64 = 10
  private static let leastSpace: UInt64 = 100 << 20

  /// The parts of the check that come after the login.
  enum Subject {
    static let extensions = LocalizedText("extensions", "udvidelser")
    static let roundTrip = LocalizedText("round trip", "svartid")
    static let rights = LocalizedText("rights in OUT", "rettigheder i OUT")
    static let clock = LocalizedText("clock", "ur")
    static let space = LocalizedText("free space", "ledig plads")
  }

  func lines() async -> [CheckLine] {
    let out = RemotePath(account.folders.out)
    var lines = [extensions, await roundTrip()]
    lines.append(
      await folder(
        LocalizedText("IN"), RemotePath(account.folders.in),
        LocalizedText("removing is not tried", "fjernelse er ikke prøvet")))
    let outLine = await folder(LocalizedText("OUT"), out, nil)
    lines.append(outLine)
    if writes, outLine.verdict == .ok {
      lines += await rights(in: out)
    } else {
      let why =
        writes
        ? LocalizedText("not looked at", "ikke undersøgt")
        : LocalizedText("not tried (--without-writing)", "ikke prøvet (--without-writing)")
      lines += [CheckLine(Subject.rights, .unknown, why), CheckLine(Subject.clock, .unknown, why)]
    }
    lines.append(await space(at: out))
    return lines
  }

  private var extensions: CheckLine {
    let names = client.extensions.sorted().joined(separator: ", ")
    return CheckLine(Subject.extensions, .ok, names.isEmpty ? LocalizedText("none", "ingen") : LocalizedText(names))
  }

  private func roundTrip() async -> CheckLine {
    var taken: [Duration] = []
    do throws(SFTPError) {
      for _ in 0..<Self.roundTrips {
        let start = ContinuousClock.now
        _ = try await client.realPath(".")
        taken.append(ContinuousClock.now - start)
      }
    } catch {
      return failure(Subject.roundTrip, error)
    }
    let median = taken.sorted()[taken.count / 2]
    let tenths = Int((median / .milliseconds(0.1)).rounded())
    return CheckLine(
      Subject.roundTrip, .ok,
      LocalizedText(
        "\(tenths / 10).\(tenths % 10) ms, the median of \(taken.count)",
        "\(tenths / 10),\(tenths % 10) ms, medianen af \(taken.count)"))
  }

  private func folder(_ subject: LocalizedText, _ path: RemotePath, _ addition: LocalizedText?) async -> CheckLine {
    do throws(SFTPError) {
      let count = try await client.list(path).count
      let text = LocalizedText(
        "\(path) can be listed: \(count.counted("entry", "entries"))",
        "\(path) kan listes: \(count.counted("navn", "navne"))")
      return CheckLine(subject, .ok, text.shown + (addition.map { "; \($0.shown)" } ?? ""))
    } catch {
      return failure(subject, error, path)
    }
  }

  private func space(at path: RemotePath) async -> CheckLine {
    do throws(SFTPError) {
      guard let space = try await client.space(at: path) else {
        return CheckLine(Subject.space, .unknown, Self.notTold)
      }
      let text = LocalizedText(
        "\(Readable.size(space.available)) of \(Readable.size(space.total))",
        "\(Readable.size(space.available)) af \(Readable.size(space.total))")
      if space.isReadOnly {
        let found = text + LocalizedText(", and nothing can be written", ", og der kan ikke skrives")
        return CheckLine(Subject.space, .failure, found, remedy: Self.askOwner)
      }
      guard space.available >= Self.leastSpace else {
        return CheckLine(Subject.space, .warning, text, remedy: Self.askOwner)
      }
      return CheckLine(Subject.space, .ok, text)
    } catch {
      return CheckLine(Subject.space, .unknown, "\(Self.notTold.shown): \(error.shownMessage)")
    }
  }

  static let askOwner = LocalizedText("ask the server's owner", "spørg serverens ejer")
  private static let notTold = LocalizedText("the server does not tell", "serveren oplyser det ikke")

  private func failure(_ subject: LocalizedText, _ error: SFTPError, _ path: RemotePath? = nil) -> CheckLine {
    let place = path.map { "\($0): " } ?? ""
    return CheckLine(
      subject, .failure, place + error.shownMessage, remedy: error.shownRemedy ?? Self.askOwner.shown)
  }

  // MARK: What may be done in OUT

  /// Writes a small file that no trigger names, renames it and removes it.
  private func rights(in folder: RemotePath) async -> [CheckLine] {
    let mark = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    let (first, second) = (
      folder.appending("filsluse-check-\(mark).tmp"), folder.appending("filsluse-check-\(mark).new.tmp")
    )
    let probe: Probe
    var wasMade = false
    do throws(SFTPError) {
      let file = try await client.open(first, .createNew)
      wasMade = true
      probe = try await write(file, at: first)
    } catch {
      // If the connection ends, the server may still have created the file.
      wasMade = wasMade || error.endsConnection
      let remove = await outcome { () async throws(SFTPError) in try await client.remove(first) }
      let isGone = remove == nil || remove?.code == .noSuchFile || !wasMade
      let left = LocalizedText("; \(first) may be left there", "; \(first) kan være efterladt der")
      let text = "\(folder): \(error.shownMessage)" + (isGone ? "" : left.shown)
      let line = CheckLine(Subject.rights, .failure, text, remedy: error.shownRemedy ?? Self.askOwner.shown)
      return [line, CheckLine(Subject.clock, .unknown, LocalizedText("not looked at", "ikke undersøgt"))]
    }
    let rename = await outcome { () async throws(SFTPError) in try await client.rename(first, to: second) }
    var last = rename == nil ? second : first
    var replace: SFTPError?
    if client.canRenameReplacing {
      let (from, to) = (last, rename == nil ? first : second)
      replace = await outcome { () async throws(SFTPError) in try await client.renameReplacing(from, to: to) }
      if replace == nil { last = to }
    }
    let left = last
    let remove = await outcome { () async throws(SFTPError) in try await client.remove(left) }
    var steps: [(name: LocalizedText, error: SFTPError?)] = [
      (LocalizedText("write", "skrive"), nil), (LocalizedText("rename", "omdøbe"), rename),
    ]
    if client.canRenameReplacing { steps.append((LocalizedText("rename over", "omdøbe til en anden"), replace)) }
    if client.canSync { steps.append((LocalizedText("sync", "synkronisere"), probe.sync)) }
    steps.append((LocalizedText("remove", "fjerne"), remove))
    return [Self.rights(steps, left: left), clock(probe)]
  }

  private static func rights(_ steps: [(name: LocalizedText, error: SFTPError?)], left path: RemotePath) -> CheckLine {
    let may = steps.filter { $0.error == nil }.map(\.name.shown).joined(separator: ", ")
    let not = LocalizedText("not", "ikke").shown
    let mayNot = steps.compactMap { step in step.error.map { "\(not) \(step.name.shown) (\($0.shownMessage))" } }
    let text = ([may] + mayNot).joined(separator: ", ")
    if let error = steps.last?.error {
      return CheckLine(
        Subject.rights, .warning,
        LocalizedText(
          "\(text); \(path) is left there: \(error.shownMessage)",
          "\(text); \(path) er efterladt der: \(error.shownMessage)"),
        remedy: LocalizedText(
          "remove it by hand; a transmission cannot be taken back there either",
          "fjern den i hånden; en forsendelse kan heller ikke tages tilbage der"))
    }
    guard mayNot.isEmpty else {
      return CheckLine(
        Subject.rights, .warning, LocalizedText(text),
        remedy: LocalizedText(
          "files are sent all the same; ask the server's owner whether this is meant",
          "filer sendes alligevel; spørg serverens ejer, om det er meningen"))
    }
    return CheckLine(Subject.rights, .ok, text)
  }

  /// The results of writing a file.
  private struct Probe {
    /// The file's modification time by the server's clock, in seconds since 1970.
    let modified: Int64?
    /// This machine's time then.
    let now: Int64
    /// The reason why the server refused to write it through to its disk.
    let sync: SFTPError?
  }

  private func write(_ file: SFTPFile, at path: RemotePath) async throws(SFTPError) -> Probe {
    do throws(SFTPError) {
      try await file.write(Array("filsluse check\n".utf8), at: 0)
      let now = Timestamp.now
      let sync = client.canSync ? await outcome { () async throws(SFTPError) in try await file.sync() } : nil
      try await file.close()
      let attributes = try await client.attributes(of: path)
      return Probe(modified: attributes.modified.map(Int64.init), now: now.millisecondsSince1970 / 1000, sync: sync)
    } catch {
      _ = await outcome { () async throws(SFTPError) in try await file.close() }
      throw error
    }
  }

  private func clock(_ probe: Probe) -> CheckLine {
    guard let modified = probe.modified else { return CheckLine(Subject.clock, .unknown, Self.notTold) }
    let difference = modified - probe.now
    let seconds = abs(difference)
    let text =
      seconds <= 1
      ? LocalizedText("the same as here, within 1 s", "det samme som her, inden for 1 s")
      : difference > 0
        ? LocalizedText("\(seconds) s ahead of this machine's", "\(seconds) s foran denne maskines")
        : LocalizedText("\(seconds) s behind this machine's", "\(seconds) s bagud for denne maskines")
    guard seconds > Self.mostClockDifference else { return CheckLine(Subject.clock, .ok, text) }
    return CheckLine(
      Subject.clock, .warning, text,
      remedy: LocalizedText(
        "see whether this machine's clock is right; else ask the server's owner",
        "se efter, om denne maskines ur går rigtigt; spørg ellers serverens ejer"))
  }

  /// Returns the error of a step; `nil` where it succeeded.
  private func outcome(_ step: () async throws(SFTPError) -> Void) async -> SFTPError? {
    do throws(SFTPError) {
      try await step()
      return nil
    } catch {
      return error
    }
  }
}
