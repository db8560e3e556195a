import FoundationEssentials
import Subprocess
import SystemPackage

/// A validator of Python's, over the same files by the schema in Samples.
enum PythonPeer: String, CaseIterable {
  case lxml, xmlschema

  var title: String { "the same with Python's \(rawValue)" }

  /// The maximum number of files it gets: the slow one is measured on fewer.
  var most: Int { self == .lxml ? .max : 2000 }

  private var program: String {
    let validation =
      switch self {
      case .lxml: "schema.assertValid(etree.parse(name))"
      case .xmlschema: "schema.validate(name)"
      }
    let opening =
      switch self {
      case .lxml: "from lxml import etree; schema = etree.XMLSchema(etree.parse(sys.argv[1]))"
      case .xmlschema: "import xmlschema; schema = xmlschema.XMLSchema(sys.argv[1])"
      }
    return """
      import sys, time
      \(opening)
      for _ in range(int(sys.argv[4])):
          start = time.perf_counter()
          for number in range(int(sys.argv[3])):
              name = f'{sys.argv[2]}/{number}.metadata'
              \(validation)
          print(time.perf_counter() - start)
      """
  }

  /// Each round's time; `nil` when it is not installed.
  func seconds(for files: DocumentFiles, rounds: Int) async throws -> [Double]? {
    let python: Executable =
      ProcessInfo.processInfo.environment["FILSLUSE_PYTHON"].map { .path(FilePath($0)) } ?? .name("python3")
    let probe = try await Subprocess.run(
      python, arguments: ["-c", "import \(rawValue)"], output: .discarded, error: .discarded)
    guard probe.terminationStatus.isSuccess else { return nil }
    let schema = FilePath(#filePath).removingLastComponent().pushing("../../../Samples/schema/trigger-files.xsd")
    let result = try await Subprocess.run(
      python,
      arguments: [
        "-c", program, schema.string, files.folder.string, "\(min(files.metadata.count, most))", "\(rounds)",
      ], output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    guard result.terminationStatus.isSuccess else {
      throw ToolError(description: "\(rawValue) failed: \(result.standardError)")
    }
    return result.standardOutput.split(separator: "\n").compactMap { Double($0) }
  }
}
