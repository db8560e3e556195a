internal import FilsluseBase
import Glibc
package import SystemPackage
import TriggerFiles

/// The programs and the library the SSH server stands on, found once, each with the Debian package that brings it.
package struct ServerPrograms: Sendable {
  let sshd: FilePath
  let sshKeygen: FilePath
  package let setpriv: FilePath
  /// libnss_wrapper: it lets sshd read its users from a private file.
  package let nssWrapper: FilePath

  /// - Parameters:
  ///   - folders: where programs are looked for, first come first served.
  ///   - libraries: patterns of folders where the library is looked for.
  package static func find(
    in folders: [String] = programFolders, libraries: [String] = libraryFolders
  ) throws(PlatformError) -> ServerPrograms {
    ServerPrograms(
      sshd: try program("sshd", package: "openssh-server", in: folders),
      sshKeygen: try program("ssh-keygen", package: "openssh-client", in: folders),
      setpriv: try program("setpriv", package: "util-linux", in: folders),
      nssWrapper: try library("libnss_wrapper.so", package: "libnss-wrapper", in: libraries))
  }

  /// The system folders first: an ordinary user's PATH leaves out `sbin`, where sshd is.
  package static var programFolders: [String] {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin"] + path.split(separator: ":").map(String.init)
  }

  package static let libraryFolders = ["/usr/lib/*-linux-gnu*", "/usr/lib64", "/usr/lib", "/usr/local/lib"]

  private static func program(
    _ name: String, package: String, in folders: [String]
  ) throws(PlatformError) -> FilePath {
    for folder in folders where folder.hasPrefix("/") {
      let path = FilePath(folder).appending(name)
      if access(path.string, X_OK) == 0 { return path }
    }
    throw missing(name, package: package)
  }

  private static func library(
    _ name: String, package: String, in folders: [String]
  ) throws(PlatformError) -> FilePath {
    for folder in folders {
      if let path = firstMatch(of: "\(folder)/\(name)") { return path }
    }
    throw missing(name, package: package)
  }

  private static func firstMatch(of pattern: String) -> FilePath? {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0, found.gl_pathc > 0, let path = found.gl_pathv[0] else { return nil }
    return FilePath(String(cString: path))
  }

  private static func missing(_ name: String, package: String) -> PlatformError {
    PlatformError(
      .missingProgram, LocalizedText("\(name) is not installed", "\(name) er ikke installeret"),
      remedy: LocalizedText(
        "install Debian's package \(package): apt-get install \(package)",
        "installér Debians pakke \(package): apt-get install \(package)"))
  }

  /// Returns OpenSSH's version as printed by `sshd -V`, such as (9, 2); older servers print it among their complaints
  /// about `-V`.
  func version() async throws(PlatformError) -> (major: Int, minor: Int) {
    let version = try await Self.run(sshd, ["-V"])
    let after = version.text.firstRange(of: "OpenSSH_").map { version.text[$0.upperBound...] } ?? ""
    let numbers = after.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.split(separator: ".").compactMap { Int($0) }
    guard numbers.count >= 2 else {
      throw PlatformError(
        .programFailed,
        LocalizedText(
          "sshd -V shows no OpenSSH version: \(version.text)", "sshd -V viser ingen OpenSSH-version: „\(version.text)“"),
        remedy: LocalizedText("the platform needs OpenSSH's server", "platformen kræver OpenSSH's server"),
        path: sshd)
    }
    return (numbers[0], numbers[1])
  }

  /// Runs a program to its end and returns whether it succeeded and all it printed.
  package static func run(
    _ program: FilePath, _ arguments: [String]
  ) async throws(PlatformError) -> (succeeded: Bool, text: String) {
    let report = await Program(
      arguments: [program.string] + arguments, timeout: .seconds(300), keptComplaints: 64 << 10
    ).run()
    if let reason = report.reasonNotStarted {
      throw PlatformError(
        .programFailed,
        LocalizedText("\(program.string) could not be run: \(reason)", "\(program.string) kunne ikke startes"),
        remedy: LocalizedText("run it by hand to see why", "kør det i hånden for at se hvorfor"), path: program)
    }
    return (report.isSuccess, report.output.text + report.complaints.text)
  }
}
