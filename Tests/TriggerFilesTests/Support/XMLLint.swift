import FilsluseBase
import SystemPackage

/// The independent validator: libxml2's own, with our schema.
enum XMLLint {
  /// The valid documents among those in a folder, by file name.
  static func valid(in folder: FilePath, _ names: [String]) async throws -> Set<String> {
    var valid: Set<String> = []
    // In parts, for the limits of a command line and of the output.
    for start in stride(from: 0, to: names.count, by: 500) {
      let part = names[start..<min(start + 500, names.count)]
      let report = await Program(
        arguments: ["xmllint", "--nonet", "--noout", "--schema", Repository.schema.string] + part,
        timeout: .seconds(400), folder: folder, keptComplaints: 1 << 24
      ).run()
      for line in report.complaints.text.split(separator: "\n") where line.hasSuffix(" validates") {
        valid.insert(String(line.dropLast(" validates".count)))
      }
    }
    return valid
  }

  /// True if the document is valid.
  static func isValid(_ document: [UInt8]) async throws -> Bool {
    try await Scratch.with { scratch in
      try scratch.write(document, as: "document.xml")
      return try await valid(in: scratch.path, ["document.xml"]) == ["document.xml"]
    }
  }
}
