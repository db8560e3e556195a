import FilsluseBase
import Foundation
import SystemPackage

/// A validator that shares no code with us: Python's xmlschema.
enum PythonXMLSchema {
  /// The interpreter; FILSLUSE_PYTHON names another one than the first on the path.
  private static var python: String { ProcessInfo.processInfo.environment["FILSLUSE_PYTHON"] ?? "python3" }

  static var isThere: Bool {
    get async {
      await Program(arguments: [python, "-c", "import xmlschema"], timeout: .seconds(120)).run().isSuccess
    }
  }

  /// The valid documents among those in a folder, by file name.
  static func valid(in folder: FilePath, _ names: [String]) async throws -> Set<String> {
    let program = """
      import sys, os, xmlschema
      schema = xmlschema.XMLSchema(sys.argv[1])
      for name in os.listdir('.'):
          try:
              if schema.is_valid(name): print(name)
          except Exception as error:
              print(name, error, file=sys.stderr)
      """
    let report = await Program(
      arguments: [python, "-c", program, Repository.schema.string], timeout: .seconds(400), folder: folder,
      keptOutput: 1 << 22
    ).run()
    return Set(report.output.text.split(separator: "\n").map(String.init))
  }
}
