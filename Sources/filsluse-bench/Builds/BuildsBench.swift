import ArgumentParser
import FoundationEssentials
import SystemPackage

/// `filsluse-bench builds`: two builds of the command on the same work, in turns.
struct BuildsBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "builds",
    abstract: "Compare two builds of the command: what a change costs or saves.",
    discussion: """
      Both builds do the same work on the same server as whole processes, connecting and logging on included: \
      deliveries by a list, pairs collected from IN (written an hour ago, and just now), and one large file each way. \
      They take turns, and which of them begins changes with each round. The medians and their ratio count; every \
      file is compared afterwards.
      """)

  @Option(help: ArgumentHelp("The build to compare with.", valueName: "file"))
  var before: String

  @Option(help: ArgumentHelp("The other build; the one beside this program by default.", valueName: "file"))
  var after: String?

  @Option(help: "How many rounds.")
  var rounds = 9

  @Option(help: "How many deliveries and how many pairs in each round; 0 leaves them out.")
  var files = 2000

  @Option(help: ArgumentHelp("The small files' size.", valueName: "KiB"))
  var small = 4

  @Option(help: ArgumentHelp("The large file's size; 0 leaves it out.", valueName: "MiB"))
  var large = 1024

  @Option(help: ArgumentHelp("The round trip through the proxy.", valueName: "ms"))
  var roundTrip = 20

  @Option(help: "The line to measure on: loopback, delayed, or both.")
  var line = LineChoice.both

  @Option(help: "Do this work alone: deliver, collect, collectFresh, upload or download; several with commas.")
  var work: String?

  func validate() throws {
    guard rounds > 0, small > 0, roundTrip > 0, files >= 0, large >= 0, files + large > 0 else {
      throw ValidationError("there is something to measure, and every other number is at least 1")
    }
  }

  func run() async throws {
    guard let after = after.map({ FilePath($0) }) ?? BuiltProducts.command else {
      throw ToolError(description: "filsluse was not built beside this program; name the build with --after")
    }
    let load = BuildsLoad(files: files, smallBytes: small << 10, largeBytes: large << 20)
    let works = BuildsWork.allCases.filter { work in
      self.work?.split(separator: ",").contains { $0 == "\(work)" } ?? true
    }
    let (rounds, before, choice) = (rounds, FilePath(before), line)
    try await withBuildsField(load, roundTripMilliseconds: [roundTrip]) { field in
      var results = BuildsResults(load: load)
      for round in 1...rounds {
        for line in field.lines where choice.includes(delayed: line.isDelayed) {
          for work in works where work.isLarge ? large > 0 : files > 0 {
            Progress.show("round \(round) of \(rounds), \(line.title): \(work.rawValue)")
            let order = round.isMultiple(of: 2) ? [(after, false), (before, true)] : [(before, true), (after, false)]
            for (build, isBefore) in order {
              results.add(try await field.seconds(work, by: build, over: line), work, line, isBefore: isBefore)
            }
          }
        }
      }
      // Before the files are deleted, which takes minutes on some file systems.
      print(results.text)
    }
  }
}
