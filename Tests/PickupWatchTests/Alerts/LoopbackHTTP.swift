import FilsluseBase
import Foundation
import Glibc

/// A web server on 127.0.0.1 that answers every request in one way and remembers what it was asked.
final class LoopbackHTTP: Sendable {
  enum Habit: Sendable {
    /// `head` has lines of its own, each ended by CRLF.
    case answers(Int, head: String = "")
    /// Takes connections and never says a word.
    case hangs
    /// Takes the connection and ends it.
    case hangsUp
    /// Says something that is not HTTP.
    case babbles
    /// Answers well, and then sends for ever.
    case neverEnds
  }

  struct Request: Sendable {
    let head: String
    let body: String
  }

  let port: UInt16
  private let listener: Int32
  private let asked = Locked<[Request]>([])

  init(_ habit: Habit) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard code else { throw Failure(code: errno) }
    port = UInt16(bigEndian: address.sin_port)
    BlockingThreads.startThread(named: "test-http") { [asked] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else {
          close(listener)
          return
        }
        BlockingThreads.startThread(named: "test-http") {
          Self.serve(connection, habit) { request in asked.withLock { $0.append(request) } }
        }
      }
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  struct Failure: Error { let code: Int32 }

  var requests: [Request] { asked.withLock { $0 } }
  func url(_ path: String = "/hook") -> String { "http://127.0.0.1:\(port)\(path)" }

  private static func serve(_ connection: Int32, _ habit: Habit, _ note: (Request) -> Void) {
    defer { close(connection) }
    if case .hangsUp = habit { return }
    guard let request = read(connection) else { return }
    note(request)
    switch habit {
    case .answers(let status, let head):
      send("HTTP/1.1 \(status) So\r\n\(head)Content-Length: 2\r\nConnection: close\r\n\r\nok", to: connection)
    case .hangs:
      var rest = [UInt8](repeating: 0, count: 16)
      while recv(connection, &rest, rest.count, 0) > 0 {}
    case .babbles: send("hej\r\n\r\n", to: connection)
    case .neverEnds:
      send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", to: connection)
      let piece = String(repeating: "x", count: 1 << 16)
      while send(piece, to: connection) {}
    case .hangsUp: return
    }
  }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let (head, body) = (String(text[..<end.lowerBound]), String(text[end.upperBound...]))
        let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let length = line.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
        if body.utf8.count >= length { return Request(head: head, body: body) }
      }
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      bytes += piece.prefix(count)
    }
  }

  @discardableResult private static func send(_ text: String, to connection: Int32) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }
}
