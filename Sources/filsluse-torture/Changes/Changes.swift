import ArgumentParser
import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage

/// `filsluse-torture changes`: what ordinary life changes under a running exchange.
struct Changes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Change files, folders, journal, key, hook and settings under filsluse run, and count what is lost or unreported.",
    discussion: """
      In every round four files are delivered and collected by one filsluse run, and at one moment one thing changes. \
      The change then stands for a while; in every second round the run is stopped meanwhile. A filsluse watch \
      looks on. What lies in IN is changed while the receiver's program or the server holds the exchange between its \
      look and the removal. Then a person puts things right, and everything is looked through: each file has arrived \
      once as it was, or it was reported. It ends with status 1 unless all of that is so.
      """)

  @Option(help: "How many changes to make.")
  var points = 264

  @Option(help: "How many exchanges work side by side.")
  var workers = 8

  @Option(help: "For so many seconds a change stands before a person puts it right.")
  var standing = 4.0

  @Option(help: "Within so many seconds after SIGTERM a process must end.")
  var stopLimit = 26.0

  @Option(help: "The time in seconds within which a lasting change must be reported.")
  var timeToReport = 15.0

  @Option(help: "Try this change alone.")
  var only: String?

  @Option(help: ArgumentHelp("The folder to work in; one in memory when none is named.", valueName: "dir"))
  var directory: String?

  @Option(
    help: ArgumentHelp("The command to torture; the one beside this program when none is named.", valueName: "file"))
  var filsluse: String?

  func validate() throws {
    guard workers >= 1, workers <= 99, points >= 1, standing >= 0, stopLimit > 0, timeToReport > 0 else {
      throw ValidationError("there are 1 to 99 workers, some points, and times that are not negative")
    }
    if let only, Change(rawValue: only) == nil {
      throw ValidationError("the changes are: \(Change.allCases.map(\.rawValue).joined(separator: "; "))")
    }
  }

  func run() async throws {
    let command = try Command.find(filsluse)
    let mayMount = Mounting.isPermitted
    let tally = ChangeTally(untried: mayMount ? [] : Change.allCases.filter(\.needsMount))
    var spread = ChangePoint.spread(points, mayMount: mayMount)
    if let change = only.flatMap(Change.init(rawValue:)) {
      spread = spread.enumerated().map { index, point in
        ChangePoint(
          change: change, share: point.share, isStopped: index % 2 == 0,
          window: change.isInIN ? Window.allCases[index / 2 % 2] : nil)
      }
    }
    let waiting = Locked(Array(spread.reversed()))
    let (workers, standing, start) = (workers, Duration.seconds(standing), ContinuousClock.now)
    try await Scratch.with(directory) { folder in
      try await withLocalPlatform(
        at: folder.appending("platform"), plan: try .workers(workers), options: BadServer.ordinary.options,
        logger: Matrix.logger
      ) { platform in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 1...workers {
            group.addTask {
              var worker = try ChangeWorker(
                number, on: platform, in: folder, command: command, standing: standing,
                stopLimit: .seconds(stopLimit), timeToReport: .seconds(timeToReport), tally: tally)
              try await worker.measure()
              while var point = waiting.withLock({ $0.popLast() }) {
                if try await worker.run(point) { continue }
                point.miss()
                if point.misses < 4 {
                  waiting.withLock { [point] in $0.append(point) }
                } else {
                  tally.change { [point] in $0.withoutEffect[point.change, default: 0] += 1 }
                }
              }
              try await worker.finish()
            }
          }
          try await group.waitForAll()
        }
      }
    }
    print(tally.text)
    print("time \((ContinuousClock.now - start).components.seconds) s")
    if !tally.isClean { throw ExitCode(1) }
  }
}

/// File systems of our own, where the machine allows them.
enum Mounting {
  static let isPermitted: Bool = {
    guard geteuid() == 0 else { return false }
    let folder = FileManager.default.temporaryDirectory.path + "/filsluse-torture-mount-\(getpid())"
    guard mkdir(folder, 0o700) == 0 else { return false }
    defer { rmdir(folder) }
    guard mount("none", folder, "tmpfs", 0, "size=64k") == 0 else { return false }
    return umount2(folder, Int32(MNT_DETACH)) == 0
  }()

  static func mountMemory(at folder: FilePath, bytes: Int) throws {
    guard mount("none", folder.string, "tmpfs", 0, "size=\(bytes)") == 0 else { throw Errno(rawValue: errno) }
  }

  /// Makes a folder read-only, by a mount of the folder over itself.
  static func makeReadOnly(_ folder: FilePath) throws {
    let (bind, readOnly) = (UInt(MS_BIND), UInt(MS_BIND | MS_REMOUNT | MS_RDONLY))
    guard mount(folder.string, folder.string, nil, bind, nil) == 0,
      mount("none", folder.string, nil, readOnly, nil) == 0
    else { throw Errno(rawValue: errno) }
  }

  static func unmount(_ folder: FilePath) { umount2(folder.string, Int32(MNT_DETACH)) }
}
