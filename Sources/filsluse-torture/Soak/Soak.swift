import ArgumentParser
import Foundation
import LocalPlatform
import Logging
import SystemPackage

/// `filsluse-torture soak`: very many files from a watched folder to an inbox, with workers that are killed on the way.
struct Soak: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deliver and collect 100,000 small files, a worker killed and started again at every thousand.",
    discussion: """
      One filsluse run delivers what is put into its watched folder, another collects what the platform distributes; \
      by turns they are killed with SIGKILL at every thousand files. What comes is compared with what was put there, and \
      taken out of the inbox. Printed are the time and the workers' memory on the way, and what is not accounted for.
      """)

  @Option(help: "How many files.")
  var files = 100_000

  @Option(help: "A worker is killed each time so many more have come.")
  var restartEvery = 1000

  @Option(help: "How many files are on their way at most.")
  var ahead = 2000

  @Option(help: ArgumentHelp("The folder to work in; one in memory when none is named.", valueName: "dir"))
  var directory: String?

  @Option(help: ArgumentHelp("The command; the one beside this program when none is named.", valueName: "file"))
  var filsluse: String?

  func validate() throws {
    guard files > 0, restartEvery > 0, ahead > 0 else { throw ValidationError("every number is at least 1") }
  }

  func run() async throws {
    let command = try Command.find(filsluse)
    let course = try await Scratch.with(directory) { folder in
      var logger = Logger(label: "soak")
      logger.logLevel = .error
      return try await withLocalPlatform(
        at: folder.appending("platform"), plan: try .workers(1), options: LocalPlatform.Options(), logger: logger
      ) { [self] platform in
        var course = try await SoakCourse(files: files, ahead: ahead, on: platform, in: folder, command: command)
        try await course.run(restartEvery: restartEvery)
        return course
      }
    }
    print(course.text)
    if !course.isComplete { throw ExitCode(1) }
  }
}
