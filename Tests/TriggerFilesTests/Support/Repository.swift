import SystemPackage
import Testing

/// Files of this repository that the tests read.
enum Repository {
  static let root = FilePath(#filePath).removingLastComponents(4)

  static var schema: FilePath { root.appending("Samples/schema/trigger-files.xsd") }

  /// The sample documents of a folder, by name.
  static func samples(_ folder: String) throws -> [Sample] {
    let path = root.appending("Samples/documents").appending(folder)
    return try Scratch.names(in: path).map { Sample(name: $0, path: path.appending($0)) }
  }
}

/// One sample document.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  let path: FilePath

  var testDescription: String { name }

  func bytes() throws -> [UInt8] { try Scratch.read(path) }
}

extension FilePath {
  func removingLastComponents(_ count: Int) -> FilePath {
    var path = self
    for _ in 0..<count { path.removeLastComponent() }
    return path
  }
}
