import PlatformFixture
import SystemPackage
import Testing

/// Control characters above U+007F and marks of direction, in names and documents from the wire, reach no output raw.
@Suite(.timeLimit(.minutes(25))) struct InvisibleCharacterTests {
  /// U+202E, U+2066, U+200F, U+061C, U+FEFF, U+00AD: allowed in a name on the wire.
  private static let marks = #"$'\u202e\u2066\u200f\u061c\ufeff\u00ad'"#
  /// Counts the lines that hold a control character of the upper range or such a mark.
  private static let raw =
    #"raw() { cat "$@" | grep -cP '[\x{80}-\x{9f}\x{ad}\x{61c}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}]'; }"#

  @Test("A name with marks of direction goes through send, receive, the journal and its export")
  func names() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        export LC_ALL=C.UTF-8; \(Self.raw)
        s=$c/fagsystem/filsluse.yaml; r=$c/flis/filsluse.yaml; n=udtræk\(Self.marks)fdp.csv; echo x > "$n"
        "$0" send "$n" --route flis-0101 --config $s > o1 2> o2; echo "send $?"
        "$0" receive --config $r > o3 2> o4; echo "receive $?"
        "$0" send "$n" --route flis-0101 --config $s --json > o5; "$0" journal list --config $r > o6
        "$0" journal list --json --config $r > o7; "$0" journal export --unmasked --config $r > o8
        "$0" journal export --json --config $s > o9; "$0" journal show D1 --config $s > o10
        "$0" journal show D1 --json --config $s > o11; "$0" journal list --csv --config $s > o12
        FILSLUSE_LOG=trace "$0" watch --once --config $r > o13 2> o14
        raw o*; grep -lF '\\u202e' o* | sort | tr '\\n' ' '; echo; grep -lF '‹U+202E›' o* | sort | tr '\\n' ' '; echo
        python3 -c 'import json; print(json.load(open("o7"))[0]["name"] == "'"$n"'")'
        """)
    #expect(
      outcome.output == """
        send 0
        receive 0
        0
        o11 o5 o7 o9 
        o1 o10 o12 o3 o6 o8 
        True

        """, "\(outcome)")
  }

  @Test("A document with a NEL, a CSI and a line separator is shown without them, as text and as JSON")
  func documents() async throws {
    try await withScratchFolder { folder in
      try TestFiles.write(
        TestFiles.receipt.replacing("Ingen rute<", with: "a\u{85}b\u{9B}2Jc\u{2028}d\u{202E}e\u{7F}f\u{E0041}g<"),
        to: folder.appending("r.xml"))
      let outcome = try await BuiltCommand.shell(
        """
        export LC_ALL=C.UTF-8; cd '\(folder)'; \(Self.raw)
        "$0" inspect r.xml > o1 2> o2; "$0" inspect r.xml --json > o3 2> o4; raw o*
        grep -o 'a‹.*›g' o1; grep -oF 'a\\u0085b\\u009b2Jc\\u2028d\\u202ee\\u007ff\\udb40\\udc41g' o3
        """)
      #expect(
        outcome.output == """
          0
          a‹U+0085›b‹U+009B›2Jc‹U+2028›d‹U+202E›e‹U+007F›f‹U+E0041›g
          a\\u0085b\\u009b2Jc\\u2028d\\u202ee\\u007ff\\udb40\\udc41g

          """, "\(outcome)")
    }
  }
}
