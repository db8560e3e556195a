import Testing

/// Links planted in the folders of `filsluse run`, beside the local platform.
@Suite(.serialized, .timeLimit(.minutes(25))) struct PlantedLinkCommandTests {
  /// Runs a line of shell beside a platform; `$ud` is the watched folder of the route flis-0101, `$s` its settings.
  private func withWatchedFolder(_ line: String) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; ud=$c/fagsystem/ud; mkdir $ud
        sed -i 's/^    municipality: "0101"$/&\\n    outgoing: { folder: ud, settled-for: 200ms }/' $s
        sed -i 's/^    poll: 1m$/    poll: 300ms/' $s
        \(line)
        """)
  }

  @Test("A symbolic link in .taken stays, is reported and never sent; other files go")
  func linkInTaken() async throws {
    let outcome = try await withWatchedFolder(
      """
      echo hemmelig > secret; mkdir -m 700 $ud/.taken
      ln -s "$PWD/secret" "$ud/.taken/0000000000~lak.csv"
      ln secret "$ud/.taken/0000000001~lak2.csv"
      "$0" run --config $s 2> sender & sender=$!
      echo x > draft; mv draft $ud/god.csv
      until_so 'ls $ud/sent/*/god.csv > found 2> none'
      kill -TERM $sender; wait $sender; echo "sender $?"
      ls $ud/.taken
      echo "told $(grep -c 'lak.csv among the taken files' sender)"
      "$0" journal list --csv --config $s | cut -d';' -f3,4
      """)
    #expect(
      outcome.output == """
        sender 0
        0000000000~lak.csv
        0000000001~lak2.csv
        told 1
        state;name
        accepted;god.csv

        """, "\(outcome)")
  }

  @Test("A watched folder writable by everybody is refused with its place; a drop folder is logged")
  func rightsOfTheFolder() async throws {
    let outcome = try await withWatchedFolder(
      """
      chmod 777 $ud; "$0" run --config $s 2> refused; echo "open $?"; grep -c "ud: everybody may write into it" refused
      chmod 1777 $ud; mkdir other; ln -s ../../../other $ud/.taken
      "$0" run --config $s 2> refused; echo "link $?"; grep -c "ud/.taken: it is a symbolic link" refused; rm $ud/.taken
      "$0" run --config $s 2> sender & sender=$!
      until_so 'grep -q "is a shared folder" sender'
      kill -TERM $sender; wait $sender; echo "shared $?"
      """)
    #expect(outcome.output == "open 74\n1\nlink 74\n1\nshared 0\n", "\(outcome)")
  }
}
