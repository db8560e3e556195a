import FilsluseSFTP
import FilsluseBase
import Foundation
import LocalPlatform
import Logging
import SystemPackage

/// The work of one SFTP session: files go up and come down, are renamed, listed and removed, and each is compared.
struct SessionCourse: Sendable {
  /// The user's folder on this machine.
  let folder: FilePath
  var endpoint: SFTPEndpoint
  /// The size in bytes of the large file each way.
  let size: Int

  static let logger = Logger(label: "sessions") { _ in SwiftLogNoOpLogHandler() }
  private static let names = ["a.csv", "udtræk æøå.csv", "tom.csv"]

  /// The large file, different at each offset.
  var content: [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

  /// Puts the file there that the session downloads.
  func prepare() throws {
    for name in ["IN", "OUT"] {
      try FileManager.default.createDirectory(
        atPath: folder.appending(name).string, withIntermediateDirectories: true)
    }
    try Data(content).write(to: URL(filePath: folder.appending("IN/ned.bin").string))
  }

  /// Goes through a session.
  ///
  /// - Returns: the differences between what was reported as done and what is so; none in a sound session.
  func run() async throws(SFTPError) -> [String] {
    var wrong: [String] = []
    let client = try await SFTPClient.connect(endpoint, logger: Self.logger)
    do throws(SFTPError) {
      try await client.upload(BytesSource(content), to: "OUT/op.bin")
      if contents(of: "OUT/op.bin") != content {
        wrong.append("op.bin was uploaded, and is another file on the server")
      }
      for name in Self.names {
        let bytes = name == "tom.csv" ? [] : Array(name.utf8)
        try await client.write(bytes, to: RemotePath("OUT/\(name).part"))
        try await client.renameReplacing(RemotePath("OUT/\(name).part"), to: RemotePath("OUT/\(name)"))
        if contents(of: "OUT/\(name)") != bytes {
          wrong.append("\(name) was renamed, and is another file on the server")
        }
      }
      let listed = Set(try await client.list("OUT").compactMap(\.text))
      if listed != Set(Self.names + ["op.bin"]) { wrong.append("the listing says \(listed.sorted())") }
      if try await client.read("IN/ned.bin", limit: size) != content {
        wrong.append("ned.bin came, and is another file")
      }
      for name in Self.names + ["op.bin"] { try await client.remove(RemotePath("OUT/\(name)")) }
      if let left = try? FileManager.default.contentsOfDirectory(atPath: folder.appending("OUT").string), !left.isEmpty
      {
        wrong.append("\(left.sorted()) removed, and there")
      }
    } catch {
      await client.close()
      throw error
    }
    await client.close()
    return wrong
  }

  /// Goes through a session, and returns its error as a value.
  func outcome() async -> Result<[String], SFTPError> {
    do throws(SFTPError) { return .success(try await run()) } catch { return .failure(error) }
  }

  /// Takes away what an interrupted session has left.
  func clear() throws {
    let out = folder.appending("OUT")
    for name in try FileManager.default.contentsOfDirectory(atPath: out.string) {
      try FileManager.default.removeItem(atPath: out.appending(name).string)
    }
  }

  private func contents(of name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: folder.appending(name).string).map { Array($0) }
  }
}
