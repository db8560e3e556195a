import ExchangeSettings
import Glibc
import LocalPlatform
import SystemPackage
import TriggerFiles

/// The demo's input: a sortiment, one data extract per municipality, and a list of them.
///
/// The content is always the same, so that the next demo in the same folder finishes an interrupted one.
struct DemoInputs {
  let folder: FilePath
  let municipalities: [Municipality]
  /// The size of the one large extract, in bytes.
  let largeSize: Int

  /// The municipality with the empty extract: Læsø had nothing to report.
  static let emptyCode = "0825"
  /// The municipality with the large extract.
  static let largeCode = "0101"

  var sortiment: FilePath { folder.appending("sortiment_økonomi.xml") }
  var list: FilePath { folder.appending("list.csv") }

  func extract(_ municipality: Municipality) -> FilePath {
    folder.appending("udtræk_\(municipality.code)_\(municipality.name).csv")
  }

  /// Writes the missing files.
  func write() throws {
    try Self.makeFolder(folder)
    try writeWhole(Self.sortimentText, to: sortiment)
    for municipality in municipalities {
      switch municipality.code {
      case Self.emptyCode: try writeWhole("", to: extract(municipality))
      case Self.largeCode: try writeLarge(municipality)
      default: try writeWhole(Self.extractText(municipality), to: extract(municipality))
      }
    }
    let rows = municipalities.map { "\(extract($0).lastComponent?.string ?? "");\($0.code)\n" }
    try writeWhole("file;municipality\n" + rows.joined(), to: list)
  }

  /// A small sortiment in the manner of the classification system's: made up, like all of the demo's content.
  static let sortimentText = """
    <?xml version="1.0" encoding="UTF-8"?>
    <Sortiment>
      <Navn>Økonomi, prøvedata</Navn>
      <Post><Kode>1001</Kode><Titel>Køb af ydelser</Titel></Post>
      <Post><Kode>1002</Kode><Titel>Rådgivning</Titel></Post>
      <Post><Kode>1003</Kode><Titel>Kørsel på færge</Titel></Post>
    </Sortiment>

    """

  /// Made-up rows, more for some municipalities than for others.
  static func extractText(_ municipality: Municipality) -> String {
    let number = Int(municipality.code) ?? 0
    let rows = 40 + number * 7 % 2000
    var text = "kommune;navn;løbenummer;ydelse;beløb\n"
    for row in 1...rows { text += line(municipality, row: row) }
    return text
  }

  private static func line(_ municipality: Municipality, row: Int) -> String {
    "\(municipality.code);\(municipality.name);\(row);ydelse \(row % 17);\(row * 31 % 9973),00\n"
  }

  private func writeLarge(_ municipality: Municipality) throws {
    let path = extract(municipality)
    try replace(path, ifSizeIsNot: largeSize) { file in
      var written = 0
      var row = 1
      while written < largeSize {
        var piece: [UInt8] = []
        while piece.count < 1 << 20 {
          piece += Array(Self.line(municipality, row: row).utf8)
          row += 1
        }
        let part = piece.prefix(largeSize - written)
        try file.writeAll(part)
        written += part.count
      }
    }
  }

  private func writeWhole(_ text: String, to path: FilePath) throws {
    try replace(path, ifSizeIsNot: text.utf8.count) { try $0.writeAll(text.utf8) }
  }

  /// Creates a folder and its parents.
  static func makeFolder(_ path: FilePath) throws {
    if mkdir(path.string, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, path.removingLastComponent() != path else { throw Errno(rawValue: errno) }
    try makeFolder(path.removingLastComponent())
    guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
  }

  /// Writes a file beside its place and renames it, so that it is complete or missing; one with the right size stays.
  private func replace(_ path: FilePath, ifSizeIsNot size: Int, _ write: (FileDescriptor) throws -> Void)
    throws
  {
    var status = stat()
    if stat(path.string, &status) == 0, Int(status.st_size) == size { return }
    let unfinished = FilePath(path.string + ".unfinished")
    let file = try FileDescriptor.open(
      unfinished, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try file.closeAfter { try write(file) }
    guard rename(unfinished.string, path.string) == 0 else { throw Errno(rawValue: errno) }
  }
}
