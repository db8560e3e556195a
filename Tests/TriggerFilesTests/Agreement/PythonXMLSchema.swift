import Foundation
import Subprocess
import SystemPackage

/// The judge that shares no code with us: Python's xmlschema.
enum PythonXMLSchema {
  /// The interpreter; FILSLUSE_PYTHON names another one than the first on the path.
  private static var python: Executable {
    ProcessInfo.processInfo.environment["FILSLUSE_PYTHON"].map { .path(FilePath($0)) } ?? .name("python3")
  }

  static var isThere: Bool {
    get async {
      let result = try? await Subprocess.run(
        python, arguments: ["-c", "import xmlschema"], output: .discarded, error: .discarded)
      return result?.terminationStatus.isSuccess ?? false
    }
  }

  /// Which of the documents in a folder are valid, by file name.
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
    let result = try await Subprocess.run(
      python, arguments: ["-c", program, Repository.schema.string], workingDirectory: folder,
      output: .string(limit: 1 << 22), error: .discarded)
    return Set(result.standardOutput.split(separator: "\n").map(String.init))
  }
}
