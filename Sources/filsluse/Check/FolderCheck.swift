import ExchangeSettings
import FilsluseSFTP
import FilsluseBase

/// Checks the permissions in an account's folders, and the server's own facts, over a connection.
struct FolderCheck {
  let account: Account
  let client: SFTPClient
  let writes: Bool

  private static let roundTrips = 5
  /// The largest difference of the clocks without a warning: ages of files are measured by the server's clock.
  private static let mostClockDifference: Int64 = 10
  private static let leastSpace: UInt64 = 100 << 20

  func lines() async -> [CheckLine] {
    let out = RemotePath(account.folders.out)
    var lines = [extensions, await roundTrip()]
    lines.append(await folder("IN", RemotePath(account.folders.in), "removing is not tried"))
    let outLine = await folder("OUT", out, nil)
    lines.append(outLine)
    if writes, outLine.verdict == .ok {
      lines += await rights(in: out)
    } else {
      let why = writes ? "not looked at" : "not tried (--without-writing)"
      lines += [CheckLine("rights in OUT", .unknown, why), CheckLine("clock", .unknown, why)]
    }
    lines.append(await space(at: out))
    return lines
  }

  private var extensions: CheckLine {
    let names = client.extensions.sorted().joined(separator: ", ")
    return CheckLine("extensions", .ok, names.isEmpty ? "none" : names)
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
      return failure("round trip", error)
    }
    let median = taken.sorted()[taken.count / 2]
    let tenths = Int((median / .milliseconds(0.1)).rounded())
    return CheckLine("round trip", .ok, "\(tenths / 10).\(tenths % 10) ms, the median of \(taken.count)")
  }

  private func folder(_ subject: String, _ path: RemotePath, _ addition: String?) async -> CheckLine {
    do throws(SFTPError) {
      let count = try await client.list(path).count
      let text = "\(path) can be listed: \(count.counted("entry", "entries"))"
      return CheckLine(subject, .ok, text + (addition.map { "; \($0)" } ?? ""))
    } catch {
      return failure(subject, error, path)
    }
  }

  private func space(at path: RemotePath) async -> CheckLine {
    do throws(SFTPError) {
      guard let space = try await client.space(at: path) else {
        return CheckLine("free space", .unknown, "the server does not tell")
      }
      let text = "\(Readable.size(space.available)) of \(Readable.size(space.total))"
      if space.isReadOnly {
        return CheckLine("free space", .failure, "\(text), and nothing can be written", remedy: Self.askOwner)
      }
      guard space.available >= Self.leastSpace else {
        return CheckLine("free space", .warning, text, remedy: Self.askOwner)
      }
      return CheckLine("free space", .ok, text)
    } catch {
      return CheckLine("free space", .unknown, "the server does not tell: \(error.message)")
    }
  }

  private static let askOwner = "ask the server's owner"

  private func failure(_ subject: String, _ error: SFTPError, _ path: RemotePath? = nil) -> CheckLine {
    CheckLine(subject, .failure, (path.map { "\($0): " } ?? "") + error.message, remedy: error.remedy ?? Self.askOwner)
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
      // Where the connection ends, the server may have made the file all the same.
      wasMade = wasMade || error.endsConnection
      let remove = await outcome { () async throws(SFTPError) in try await client.remove(first) }
      let isGone = remove == nil || remove?.code == .noSuchFile || !wasMade
      let text = "\(folder): \(error.message)" + (isGone ? "" : "; \(first) may be left there")
      let line = CheckLine("rights in OUT", .failure, text, remedy: error.remedy ?? Self.askOwner)
      return [line, CheckLine("clock", .unknown, "not looked at")]
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
    let steps: [(name: String, error: SFTPError?)] =
      [("write", nil), ("rename", rename)] + (client.canRenameReplacing ? [("rename over", replace)] : [])
      + (client.canSync ? [("sync", probe.sync)] : []) + [("remove", remove)]
    return [Self.rights(steps, left: left), clock(probe)]
  }

  private static func rights(_ steps: [(name: String, error: SFTPError?)], left path: RemotePath) -> CheckLine {
    let may = steps.filter { $0.error == nil }.map(\.name).joined(separator: ", ")
    let mayNot = steps.compactMap { step in step.error.map { "not \(step.name) (\($0.message))" } }
    let text = ([may] + mayNot).joined(separator: ", ")
    if let error = steps.last?.error {
      return CheckLine(
        "rights in OUT", .warning, "\(text); \(path) is left there: \(error.message)",
        remedy: "remove it by hand; a transmission cannot be taken back there either")
    }
    guard mayNot.isEmpty else {
      return CheckLine(
        "rights in OUT", .warning, text,
        remedy: "files are sent all the same; ask the server's owner whether this is meant")
    }
    return CheckLine("rights in OUT", .ok, text)
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
    guard let modified = probe.modified else { return CheckLine("clock", .unknown, "the server does not tell") }
    let difference = modified - probe.now
    let text =
      abs(difference) <= 1
      ? "the same as here, within 1 s" : "\(abs(difference)) s \(difference > 0 ? "ahead of" : "behind") this machine's"
    guard abs(difference) > Self.mostClockDifference else { return CheckLine("clock", .ok, text) }
    return CheckLine(
      "clock", .warning, text, remedy: "see whether this machine's clock is right; else ask the server's owner")
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
