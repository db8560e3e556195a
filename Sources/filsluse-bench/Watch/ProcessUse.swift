import Glibc
import SystemPackage

/// The resources used by this process, by the system's account.
struct ProcessUse {
  let processorSeconds: Double
  let kilobytes: Int
  let mostKilobytes: Int
  let kilobytesWritten: Int

  init() throws {
    var usage = rusage()
    guard getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 else { throw Errno(rawValue: errno) }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
    processorSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    let status = try Self.fields(of: "/proc/self/status")
    kilobytes = status["VmRSS"] ?? 0
    mostKilobytes = status["VmHWM"] ?? 0
    kilobytesWritten = (try Self.fields(of: "/proc/self/io")["write_bytes"] ?? 0) >> 10
  }

  private static func fields(of path: FilePath) throws -> [String: Int] {
    let file = try FileDescriptor.open(path, .readOnly)
    let bytes = try file.closeAfter {
      try [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.reduce(into: [:]) { fields, line in
      let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
      if words.count > 1, let number = Int(words[1]) { fields[String(words[0])] = number }
    }
  }
}
