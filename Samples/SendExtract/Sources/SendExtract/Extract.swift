import Foundation
import SystemPackage

/// An extract of many municipalities: a header, and lines that each begin with a municipality's code.
///
/// It is read as bytes, so that each part has the encoding and the line ends of the whole.
struct Extract {
  /// The lines of each municipality, in the order of the codes.
  let parts: [Part]

  /// The lines of one municipality, below the header of the whole.
  struct Part {
    let municipality: String
    let name: String
    let content: Data

    /// Writes the part into a folder, whole or not at all.
    ///
    /// The same extract gives the same files, by which a repeated run finds its deliveries.
    func write(into folder: FilePath) throws -> FilePath {
      let path = folder.appending(name)
      try content.write(to: URL(filePath: path.string), options: .atomic)
      return path
    }
  }

  /// An extract that cannot be divided.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads an extract.
  ///
  /// - Throws: ``Problem`` with the line that has no code, or an error of the file's.
  init(reading file: FilePath) throws {
    let newline = UInt8(ascii: "\n")
    let content = try Data(contentsOf: URL(filePath: file.string))
    let lines = content.split(separator: newline, omittingEmptySubsequences: false)
    guard let header = lines.first, !header.isEmpty, let stem = file.stem else {
      throw Problem(description: "\(file) has no header")
    }
    var rows: [String: Data] = [:]
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let code = line.prefix { $0 != UInt8(ascii: ";") }
      guard code.count == 4, code.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
        // The line itself may hold personal data, and is not shown.
        throw Problem(description: "\(file), line \(index + 1): it does not begin with a municipality's code")
      }
      let municipality = String(decoding: code, as: UTF8.self)
      var part = rows[municipality] ?? header + [newline]
      part.append(contentsOf: line)
      part.append(newline)
      rows[municipality] = part
    }
    parts = rows.sorted { $0.key < $1.key }.map { municipality, content in
      Part(municipality: municipality, name: "\(stem)_\(municipality).csv", content: content)
    }
  }
}
