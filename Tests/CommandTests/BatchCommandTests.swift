import Testing

@Suite(.timeLimit(.minutes(25))) struct BatchCommandTests {
  /// The one that cannot go holds up all the others, before anything is on the wire.
  @Test("files find their municipalities by their names")
  func filesFindTheirMunicipalitiesByTheirNames() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        mkdir u; for m in 0101_København 0461_Odense 0169_Høje-Taastrup; do echo $m > "u/udtræk_${m}_2026.csv"; done
        s=$c/fagsystem/filsluse.yaml; b='u/udtræk_{code}_{name}_*.csv'
        echo x > u/udtræk_0101_Odense_2026.csv; echo x > u/udtræk_alle_2026_.csv
        "$0" send --batch "$b" --config $s > sent 2> refused; echo "bad $?"; cat sent refused
        rm u/udtræk_0101_Odense_2026.csv u/udtræk_alle_2026_.csv
        "$0" send --batch "$b" --config $s > sent 2>> refused; echo "good $?"; cut -d' ' -f1,3 sent
        "$0" send --batch 'u/x_{code}.csv' --config $s 2>&1; echo "none $?"
        """)
    #expect(
      outcome.output == """
        bad 65
        u/udtræk_0101_Odense_2026.csv: error: its code is that of 0101 København, and its name says Odense (0461)
        u/udtræk_alle_2026_.csv: error: its name names no municipality that there is
        filsluse: nothing was sent; mend the list and send it again
        good 0
        STATE 
        accepted udtræk_0101_København_2026.flis-0101.csv
        accepted udtræk_0169_Høje-Taastrup_2026.flis-0169.csv
        accepted udtræk_0461_Odense_2026.flis-0461.csv
        u/x_{code}.csv: error: no file fits this pattern
        filsluse: nothing was sent; mend the list and send it again
        none 65

        """, "\(outcome)")
  }
}
