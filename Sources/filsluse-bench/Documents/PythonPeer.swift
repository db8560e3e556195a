import FoundationEssentials
import FilsluseBase
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
    let probe = await Program(arguments: [Tool.python, "-c", "import \(rawValue)"], timeout: .seconds(60)).run()
    guard probe.isSuccess else { return nil }
    let schema = FilePath(#filePath).removingLastComponent().pushing("../../../Samples/schema/trigger-files.xsd")
    let output = try await Tool.run([
      Tool.python, "-c", program, schema.string, files.folder.string, "\(min(files.metadata.count, most))",
      "\(rounds)",
    ])
    return output.split(separator: "\n").compactMap { Double($0) }
  }
}
