import Glibc
internal import FilsluseBase
internal import SystemPackage

/// Gets a settings file's text, or says why there is none to be had.
enum SettingsFile {
  /// The largest file that is read, in bytes; far more than real settings need.
  static let largestSize = 4 << 20

  /// The text; `nil` where it cannot be had, which is reported.
  ///
  /// - Parameter ifMissing: the remedy where there is no such file.
  static func text(
    of path: FilePath, log: ProblemLog,
    ifMissing: Remedy = Remedy(
      "name the settings file\(by: .nameSettings), or copy Samples/filsluse.yaml and fill it in")
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
        .unreadable, at: nil, missing ? "there is no such file" : "the file cannot be read: \(error)",
        remedy: missing ? "\(ifMissing)" : "let the running user read it")
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      log.report(
        .unacceptable, at: placeOfInvalidUTF8(in: bytes), "the file is not UTF-8",
        remedy: "save it as UTF-8; Latin-1 and Windows-1252 are not read")
      return nil
    }
    return text
  }

  private struct Refusal: Error {
    var code: SettingsProblem.Code
    var message: String
    var remedy: String?
  }

  /// Reads a plain file whole. Without waiting on open, so that a named pipe cannot hold us up.
  private static func read(_ path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
    return try file.closeAfter {
      var status = stat()
      guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw Refusal(
          code: .unreadable, message: "found a folder, device or pipe, expected a file",
          remedy: "write the settings into a file, and name that")
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
        code: .unacceptable, message: "the file is larger than \(largestSize >> 20) MiB, expected settings",
        remedy: "name the right file")
    }
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
