/// Assembles a request from pieces of its bytes. It does no input or output of its own and knows no clock.
///
/// There is one request per connection. Bytes after it are ignored.
struct HTTPRequestReader {
  enum Progress: Sendable, Hashable {
    case wantsHead
    case wantsBody
    case request(HTTPRequest)
    case refused(HTTPRefusal)
  }

  private let limits: HTTPLimits
  private var bytes: [UInt8] = []
  private var searched = 0
  private var head: HTTPHead?
  private var bodyStart = 0

  init(limits: HTTPLimits) { self.limits = limits }

  /// True if no byte has come yet.
  var isUntouched: Bool { bytes.isEmpty }

  /// Adds the next piece.
  mutating func take(_ piece: ArraySlice<UInt8>) -> Progress {
    bytes += piece
    do throws(HTTPRefusal) {
      guard let head = try wholeHead() else { return .wantsHead }
      guard bytes.count - bodyStart >= head.bodyLength else { return .wantsBody }
      var request = head.request
      request.body = Array(bytes[bodyStart..<bodyStart + head.bodyLength])
      return .request(request)
    } catch {
      return .refused(error)
    }
  }

  private mutating func wholeHead() throws(HTTPRefusal) -> HTTPHead? {
    if let head { return head }
    // A TLS greeting, for example, gets an answer at once that names the protocol spoken here.
    if let first = bytes.first, !(0x41...0x5A).contains(first) {
      throw .bad(
        "this is no HTTP request; the server accepts plain HTTP, without TLS",
        "dette er ikke en HTTP-forespørgsel; serveren accepterer HTTP uden TLS")
    }
    guard let end = endOfHead() else {
      guard bytes.count < limits.headBytes else { throw tooLarge }
      return nil
    }
    bodyStart = end + 4
    guard bodyStart <= limits.headBytes else { throw tooLarge }
    let head = try HTTPHead(bytes[..<end], limits: limits)
    self.head = head
    return head
  }

  private var tooLarge: HTTPRefusal {
    HTTPRefusal(
      .headTooLarge, "the request's head is longer than \(limits.headBytes) bytes",
      "forespørgslens hoved er længere end \(limits.headBytes) byte")
  }

  /// Returns the end of the head, the blank line; each byte is looked at once, however small the pieces.
  private mutating func endOfHead() -> Int? {
    var index = max(searched - 3, 0)
    while index + 3 < bytes.count {
      if bytes[index] == 0x0D, bytes[index + 1] == 0x0A, bytes[index + 2] == 0x0D, bytes[index + 3] == 0x0A {
        return index
      }
      index += 1
    }
    searched = bytes.count
    return nil
  }
}
