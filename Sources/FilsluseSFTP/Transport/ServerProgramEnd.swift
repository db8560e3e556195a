/// The end of the server's SFTP program, as far as the server tells it (RFC 4254 section 6.10).
struct ServerProgramEnd: Equatable {
  /// The exit status; 0 also where the server told none.
  let status: Int32
  /// The signal that ended it, such as KILL; `nil` for none.
  let signal: String?
  /// The beginning of its standard error, in a line; `nil` where nothing came. OpenSSH's server keeps that of a
  /// subsystem to itself.
  let complaint: String?

  init(status: Int32, signal: [UInt8], complaints: [UInt8]) {
    self.status = status
    self.signal = signal.isEmpty ? nil : PrintableName.text(signal)
    complaint = ServerWords.text(of: complaints.split(separator: UInt8(ascii: "\n")))
  }

  /// True if the server's shell found no program to run, or may not run the one that is there.
  var isMissing: Bool { status == 126 || status == 127 }

  /// The end in words, as the end of a sentence; empty where the server told nothing.
  var quoted: String {
    var parts: [String] = []
    if let signal { parts.append("was ended by the signal \(signal)") }
    if status != 0 { parts.append("ended with status \(status)") }
    if let complaint { parts.append("said “\(complaint)”") }
    return parts.isEmpty ? "" : "; its SFTP program \(parts.joined(separator: " and "))"
  }
}
