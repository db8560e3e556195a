import FoundationEssentials
import Glibc
import SystemPackage
import TriggerFiles

/// The files of an exchange measurement: small ones, no two alike, and for the bare client a trigger beside each.
struct ExchangeBenchFiles: Sendable {
  let load: LocalLoad

  init(in scratch: FilePath, count: Int, bytes: Int) throws {
    load = LocalLoad(
      data: scratch.appending("data"), triggers: scratch.appending("triggers"),
      names: (1...count).map { "udtræk-nr\($0).csv" })
    for folder in [load.data, load.triggers] {
      try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
    }
    var random = SystemRandomNumberGenerator()
    for name in load.names {
      var content = [UInt8](repeating: 0, count: bytes)
      for index in content.indices { content[index] = UInt8.random(in: 0...255, using: &random) }
      try DocumentFiles.write(content, load.data.appending(name))
      let trigger = Trigger(
        fileDescriptor: try DataFileDescriptor(
          fileName: name, sizeInBytes: UInt64(bytes), sender: "fagsystem",
          sendersFileID: TransactionID.random().rawValue, recipients: ["flis"]),
        fileContentDescriptor: .empty)
      try DocumentFiles.write(trigger.xml(), load.triggers.appending(name + ".trigger"))
    }
  }
}
