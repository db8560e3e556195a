/// The end of the server's SFTP program, if the server reports it (RFC 4254 section 6.10). The name of a signal
/// is not read: up to libssh2 1.11.1 its length is not checked.
struct ServerProgramEnd: Equatable {
  /// The exit status; 0 also where the server sent none.
  let status: Int32
  /// The beginning of its standard error, in a line; `nil` where nothing came. OpenSSH's server keeps that of a
  /// subsystem to itself.
  let complaint: String?

  init(status: Int32, complaints: [UInt8]) {
    self.status = status
    complaint = ServerWords.text(of: complaints.split(separator: UInt8(ascii: "\n")))
  }

  /// True if the server's shell found no program, or may not run it.
  var isMissing: Bool { status == 126 || status == 127 }

  /// The end in words, as the end of a sentence; empty where the server reported nothing.
  var quoted: String {
    var parts: [String] = []
    if status != 0 { parts.append("ended with status \(status)") }
    if let complaint { parts.append("said “\(complaint)”") }
    return parts.isEmpty ? "" : "; its SFTP program \(parts.joined(separator: " and "))"
  }
}
