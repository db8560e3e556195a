/// The plain text of a server during a login: the lines before its version of SSH, and the description and reason of
/// its SSH_MSG_DISCONNECT (RFC 4253 sections 4.2 and 11.1).
struct ServerWords: Equatable {
  /// The lines before the version, or all that came where no version did; `nil` where there are none.
  let greeting: String?
  /// The description in the server's SSH_MSG_DISCONNECT; `nil` where none came.
  let goodbye: String?
  /// The reason in the server's SSH_MSG_DISCONNECT; 0 where none came.
  let reason: Int32

  /// The longest quotation, in characters before escaping.
  private static let longest = 300

  init(opening: [UInt8], reason: Int32, goodbye: [UInt8]) {
    let lines = opening.split(separator: UInt8(ascii: "\n"))
    greeting = Self.text(of: lines.prefix { !$0.starts(with: "SSH-".utf8) })
    self.goodbye = reason == 0 ? nil : Self.text(of: goodbye.split(separator: UInt8(ascii: "\n"))) ?? ""
    self.reason = reason
  }

  /// No words at all.
  static let none = ServerWords(opening: [], reason: 0, goodbye: [])

  /// True if the disconnection itself refuses the user: a server that has counted enough failed tries, or offers no
  /// further method, may disconnect instead of answering SSH_MSG_USERAUTH_FAILURE.
  var refusesUser: Bool {
    let (noMoreMethods, illegalUserName): (Int32, Int32) = (14, 15)
    return reason == noMoreMethods || reason == illegalUserName
      || goodbye?.lowercased().contains("authentication failures") == true
  }

  /// The words as the end of a sentence; empty where the server said nothing.
  var quoted: MessageText {
    var text = MessageText.empty
    if let greeting {
      text = MessageText(
        "; before its version the server said “\(greeting)”", "; før sin version sagde serveren „\(greeting)“")
    }
    if let goodbye {
      text =
        text
        + MessageText(
          "; the server disconnected, saying “\(goodbye)” (reason \(reason))",
          "; serveren lagde på og sagde „\(goodbye)“ (årsag \(reason))")
    }
    return text
  }

  /// Lines as one line, with control characters escaped; cut where it is too long.
  static func text(of lines: some Collection<ArraySlice<UInt8>>) -> String? {
    let escaped = lines.map { line in
      PrintableName.text(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
    }
    let text = escaped.filter { !$0.isEmpty }.joined(separator: " / ")
    if text.isEmpty { return nil }
    return text.unicodeScalars.count <= longest ? text : String(text.unicodeScalars.prefix(longest)) + "…"
  }
}
