import FilsluseBase
import Testing

@testable import FilsluseSFTP

/// The facts of a failure in English and in Danish.
@Suite struct BothLanguagesTests {
  @Test(
    "name the server, the path and the details in both languages, for every kind of failure",
    arguments: SFTPError.Code.allCases)
  func facts(code: SFTPError.Code) {
    let details = SFTPError(code, "number 17 of the server", "nummer 17 fra serveren")
    let connecting = details.connecting(to: "sftp.example.dk:2222")
    let path = RemotePath("OUT/a_0461.csv")
    let file = details.during("upload", path)
    var both = connecting
    both.path = path
    let cases: [(SFTPError, [String])] = [
      (connecting, ["sftp.example.dk:2222"]), (file, ["OUT/a_0461.csv"]),
      (both, ["sftp.example.dk:2222", "OUT/a_0461.csv"]), (details, []),
    ]
    for (error, places) in cases {
      for text in [error.description, error.inDanish] {
        #expect(text.contains(" 17 "), "\(text)")
        for place in places { #expect(text.contains(place), "\(text)") }
        #expect(text.contains("sftp.example.dk") == places.contains("sftp.example.dk:2222"), "\(text)")
      }
    }
    // Where the meaning of the code says it all, it still says of which server.
    let bare = SFTPError(code, "the server refuses", nil).connecting(to: "127.0.0.1:1")
    #expect(bare.inDanish.contains(" (127.0.0.1:1). "), "\(bare.inDanish)")
  }

  @Test("write a waited time with the decimal sign of each language")
  func decimals() {
    let error = Deadline(.milliseconds(500), waitingFor: MessageText("an answer", "et svar")).error
    #expect(error.description.contains("0.5 s"), "\(error)")
    #expect(error.inDanish.contains("0,5 s"), "\(error.inDanish)")
  }
}
