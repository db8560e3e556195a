import Foundation
import Testing
import TriggerFiles

@Suite struct EncodingTests {
  /// A trigger whose sender is `æøå`, with an encoding declared.
  private func text(_ encoding: String?) -> String {
    let declaration = encoding.map { "<?xml version=\"1.0\" encoding=\"\($0)\" standalone='yes'?>" } ?? ""
    let body = trigger(replacing: "<Sender>s<", with: "<Sender>æøå<")
    return declaration + body.dropFirst("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".count)
  }

  private func bytes(_ text: String, _ encoding: String.Encoding) throws -> [UInt8] {
    Array(try #require(text.data(using: encoding)))
  }

  private func sender(_ bytes: [UInt8]) throws -> String { try Trigger(reading: bytes).fileDescriptor.sender }

  @Test("reads every declared encoding")
  func whateverIsDeclaredIsRead() throws {
    #expect(try sender(Array(text(nil).utf8)) == "æøå")
    #expect(try sender(Array(text("utf-8").utf8)) == "æøå")
    #expect(try sender([0xEF, 0xBB, 0xBF] + Array(text("UTF-8").utf8)) == "æøå")
    #expect(try sender([0xEF, 0xBB, 0xBF] + Array(text(nil).utf8)) == "æøå")
    for name in ["ISO-8859-1", "iso-8859-1", "ISO-8859-15", "windows-1252"] {
      #expect(try sender(bytes(text(name), .isoLatin1)) == "æøå")
    }
    for (mark, encoding) in [([0xFF, 0xFE], String.Encoding.utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian)] {
      let mark = mark.map { UInt8($0) }
      #expect(try sender(mark + bytes(text("UTF-16"), encoding)) == "æøå")
      #expect(try sender(mark + bytes(text(nil), encoding)) == "æøå")
      #expect(try sender(bytes(text("UTF-16"), encoding)) == "æøå")
    }
    #expect(try sender(bytes(text("UTF-16LE"), .utf16LittleEndian)) == "æøå")
  }

  @Test("the euro sign is where each encoding has it")
  func theEuroSignIsWhereEachEncodingHasIt() throws {
    for (name, byte) in [("ISO-8859-15", UInt8(0xA4)), ("windows-1252", 0x80)] {
      let plain = try bytes(text(name).replacingOccurrences(of: "æøå", with: "?"), .isoLatin1)
      let coded = plain.map { $0 == UInt8(ascii: "?") ? byte : $0 }
      // The declaration has two question marks of its own.
      var fixed = coded
      for place in plain.indices where plain[place] == UInt8(ascii: "?") && place < 80 { fixed[place] = plain[place] }
      #expect(try sender(fixed) == "\u{20AC}")
    }
  }

  @Test("refuses a wrong encoding declaration")
  func anEncodingThatLiesIsRefused() throws {
    let latin1 = try bytes(text("UTF-8"), .isoLatin1)
    #expect(codes(latin1) == [.encodingInvalid])
    #expect(codes(try bytes(text(nil), .isoLatin1)) == [.encodingInvalid])
    #expect(codes(Array(text("US-ASCII").utf8)) == [.encodingInvalid])
    #expect(codes(Array(text("UTF-16").utf8)) == [.encodingContradicted])
    #expect(codes([0xEF, 0xBB, 0xBF] + Array(text("ISO-8859-1").utf8)) == [.encodingContradicted])
    #expect(codes([0xFF, 0xFE] + (try bytes(text("UTF-8"), .utf16LittleEndian))) == [.encodingContradicted])
    #expect(codes([0xFF, 0xFE] + (try bytes(text("UTF-16BE"), .utf16LittleEndian))) == [.encodingContradicted])
    #expect(codes(try bytes(text(nil), .utf16LittleEndian)) == [.encodingContradicted])
    #expect(codes(Array(text("UTF-7").utf8)) == [.encodingUnknown])
    #expect(codes(Array(text("").utf8)) == [.encodingUnknown])
  }

  @Test("halves of characters are refused")
  func halvesOfCharactersAreRefused() throws {
    let mark: [UInt8] = [0xFF, 0xFE]
    let start = try bytes("<a>", .utf16LittleEndian)
    #expect(codes(mark + start + [0x00, 0xD8] + start) == [.encodingInvalid])
    #expect(codes(mark + start + [0x00, 0xDC] + start) == [.encodingInvalid])
    #expect(codes(mark + start + [0x20]) == [.encodingInvalid])
    let broken: [[UInt8]] = [
      [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE6], [0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
    ]
    for bytes in broken {
      #expect(codes(Array("<a>".utf8) + bytes + Array("</a>".utf8)) == [.encodingInvalid])
      #expect(codes(Array("<a".utf8) + bytes + Array("/>".utf8)) == [.encodingInvalid])
      #expect(codes(Array("<a ".utf8) + bytes + Array("=''/>".utf8)) == [.encodingInvalid])
      #expect(codes(Array("<!--".utf8) + bytes + Array("--><a/>".utf8)) == [.encodingInvalid])
      #expect(codes(Array("<a/>".utf8) + bytes) == [.encodingInvalid])
    }
  }

  @Test("places are those that an editor shows")
  func placesAreThoseThatAnEditorShows() throws {
    func position(_ bytes: [UInt8]) -> SourcePosition? { Document.inspect(bytes).diagnostics.first?.position }
    let crlf = "<?xml version='1.0'?>\r\n<!-- æøå -->\r<a>\n</a>"
    #expect(position(Array(crlf.utf8)) == SourcePosition(line: 3, column: 1))
    #expect(position(Array("<a>æøå".utf8) + [0xE6]) == SourcePosition(line: 1, column: 7))
    #expect(
      position([0xFF, 0xFE] + (try bytes("<!-- 𝄞æ --><a/>", .utf16LittleEndian))) == SourcePosition(line: 1, column: 12)
    )
    #expect(position([0xEF, 0xBB, 0xBF] + Array("<a/>".utf8)) == SourcePosition(line: 1, column: 1))
    let many = String(repeating: "\n", count: 70_000) + "<a b='æ'\n c='>'><b/></a>"
    #expect(position(Array(many.utf8)) == SourcePosition(line: 70_001, column: 1))
    let text = trigger(replacing: "</Sender>", with: "</Sender><?pi x?>\n   <!-- ø -->  her")
    #expect(position(Array(text.utf8)) == SourcePosition(line: 7, column: 16))
  }
}
