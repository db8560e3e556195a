import Foundation
import FilsluseBase
import Glibc

/// A client that sends any bytes it likes, as fast or slowly as it likes. What blocks, blocks on threads of its own.
package final class RawClient: Sendable {
  /// A call of the system that failed.
  package struct Trouble: Error {
    let call: String
    let number: Int32

    package init(call: String, number: Int32) {
      self.call = call
      self.number = number
    }
  }

  private let socket: Int32

  /// Connects to a port of 127.0.0.1 and says something short at once. Nothing is waited for longer than `patience`
  /// seconds.
  package init(port: UInt16, saying text: String = "", patience: Int = 240, receiveBuffer: Int32? = nil) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw Trouble(call: "socket", number: errno) }
    if var size = receiveBuffer {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      // `deinit` closes the socket, also after a throw from here.
      throw Trouble(call: "connect", number: errno)
    }
    sendNow(Array(text.utf8))
  }

  deinit { close(socket) }

  /// Sends bytes; returns `false` when the other end accepts none.
  @discardableResult
  package func send(_ text: String) async -> Bool { await send(Array(text.utf8)) }

  @discardableResult
  package func send(_ bytes: [UInt8]) async -> Bool { await Self.onThread { self.sendNow(bytes) } }

  @discardableResult
  private func sendNow(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Everything that comes until the other end closes; `nil` when it does not within the client's patience.
  package func readAll() async -> Answer? { await Self.onThread { self.readNow() } }

  private func readNow() -> Answer? {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count > 0 {
        all += buffer[..<count]
      } else if count < 0, errno == EAGAIN || errno == EINTR {
        return nil
      } else {
        return Answer(all)
      }
    }
  }

  /// Sends a request and reads its answer.
  package func ask(_ text: String) async -> Answer? {
    await Self.onThread {
      self.sendNow(Array(text.utf8))
      return self.readNow()
    }
  }

  /// Connects, sends a request and reads its answer, in one go, so that nothing else of this process comes in between;
  /// `nil` when there is no connection to be had or no end of it.
  package static func ask(_ port: UInt16, _ text: String) async -> Answer? {
    await onThread {
      guard let client = try? RawClient(port: port, saying: text) else { return nil }
      return client.readNow()
    }
  }

  private static func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      BlockingThreads.startThread(named: "raw-client") { continuation.resume(returning: body()) }
    }
  }
}

/// The answer, parsed. Status 0 is a connection that ended without an answer.
package struct Answer: Sendable {
  package var status = 0
  package var headers: [String: String] = [:]
  package var body = ""
  package var size = 0

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return }
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
    }
    body = String(text[end.upperBound...])
    size = body.utf8.count
  }
}
