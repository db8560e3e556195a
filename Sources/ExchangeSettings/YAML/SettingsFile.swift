import Glibc
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Gets a settings file's text, or says why there is none to be had.
enum SettingsFile {
  /// The largest file that is read, in bytes; far more than real settings need.
  static let largestSize = 4 << 20

  /// The text; `nil` where it cannot be had, which is reported.
  ///
  /// - Parameters:
  ///   - ifMissing: the remedy where there is no such file.
  ///   - ifMissingInDanish: the same in Danish.
  static func text(
    of path: FilePath, log: ProblemLog,
    ifMissing: Remedy = Remedy(
      "name the settings file\(by: .nameSettings), or make it\(by: .makeSettings); Samples/filsluse.yaml explains every setting"
    ),
    ifMissingInDanish: Remedy = Remedy(
      "nævn indstillingsfilen\(by: .nameSettings), eller lav den\(by: .makeSettings); Samples/filsluse.yaml forklarer alle indstillinger"
    )
  ) -> String? {
    let bytes: [UInt8]
    do {
      bytes = try read(path)
    } catch let refusal as Refusal {
      log.report(refusal.code, at: nil, refusal.message, remedy: refusal.remedy)
      return nil
    } catch {
      let missing = (error as? Errno) == .noSuchFileOrDirectory
      log.report(
        .unreadable, at: nil,
        missing
          ? LocalizedText("there is no such file", "der er ingen sådan fil") + Self.start(of: path)
          : LocalizedText("the file cannot be read: \(error)", "filen kan ikke læses: \(Self.danish(error))"),
        remedy: missing
          ? LocalizedText(ifMissing.description, ifMissingInDanish.inDanish)
          : LocalizedText("let the running user read it", "giv den bruger, der kører, ret til at læse den"))
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      log.report(
        .unacceptable, at: placeOfInvalidUTF8(in: bytes), LocalizedText("the file is not UTF-8", "filen er ikke UTF-8"),
        remedy: LocalizedText(
          "save it as UTF-8; Latin-1 and Windows-1252 are not read",
          "gem den som UTF-8; Latin-1 og Windows-1252 læses ikke"))
      return nil
    }
    return text
  }

  /// The folder that a relative path was looked for from, as the end of a message; empty for an absolute path.
  private static func start(of path: FilePath) -> LocalizedText {
    guard path.isRelative, let folder = getcwd(nil, 0) else { return LocalizedText("") }
    defer { free(folder) }
    let name = String(cString: folder)
    return LocalizedText(", looked for from the folder \(name)", ", søgt fra mappen \(name)")
  }

  private struct Refusal: Error {
    var code: SettingsProblem.Code
    var message: LocalizedText
    var remedy: LocalizedText
  }

  /// Reads a plain file whole. Without waiting on open, so that a named pipe cannot hold us up.
  private static func read(_ path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
    return try file.closeAfter {
      var status = stat()
      guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw Refusal(
          code: .unreadable,
          message: .found(
            LocalizedText("a folder, device or pipe", "en mappe, enhed eller pipe"),
            expected: LocalizedText("a file", "en fil")),
          remedy: LocalizedText(
            "write the settings into a file, and name that", "skriv indstillingerne i en fil, og nævn den"))
      }
      var bytes: [UInt8] = []
      while bytes.count <= largestSize {
        let chunk = try [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
          count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if chunk.isEmpty { return bytes }
        bytes += chunk
      }
      throw Refusal(
        code: .unacceptable,
        message: LocalizedText(
          "the file is larger than \(largestSize >> 20) MiB, expected settings",
          "filen er større end \(largestSize >> 20) MiB, forventede indstillinger"),
        remedy: LocalizedText("name the right file", "nævn den rigtige fil"))
    }
  }

  /// The system's reason in Danish.
  private static func danish(_ error: any Error) -> String {
    (error as? Errno)?.words.da ?? "„\(error)“"
  }

  private static func placeOfInvalidUTF8(in bytes: [UInt8]) -> Place {
    var place = Place(line: 1, column: 1)
    var decoder = UTF8()
    var input = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&input) {
      if scalar == "\n" {
        place = Place(line: place.line + 1, column: 1)
      } else {
        place.column += 1
      }
    }
    return place
  }
}
