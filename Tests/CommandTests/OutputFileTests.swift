import PlatformFixture
import SystemPackage
import Testing

/// Files that commands write: whole or not at all, never in place of another unasked, never in place of what they read.
@Suite(.timeLimit(.minutes(25))) struct OutputFileTests {
  /// Runs lines of shell in a folder with the data `d.csv` and the settings `filsluse.yaml`; `trigger` writes its
  /// trigger, and says its status.
  private static func shell(_ lines: String) async throws -> BuiltCommand.Outcome {
    try await withScratchFolder("output") { folder in
      try TestFiles.write("a;b\n", to: folder.appending("d.csv"))
      return try await BuiltCommand.shell(
        """
        cd '\(folder)'; cp '\(TestFiles.repository.appending("Samples/filsluse.yaml"))' filsluse.yaml; B="$0"
        trigger() { "$B" trigger --file d.csv --route flis-0101 "$@" 2>> errors; echo "$? $*"; }
        same() { printf 'a;b\\n' | cmp - d.csv && cmp filsluse.yaml '\(TestFiles.repository)/Samples/filsluse.yaml' && echo same; }
        \(lines)
        """)
    }
  }

  @Test("The data and the settings are never overwritten, by whatever name, not even with --force")
  func inputs() async throws {
    let outcome = try await Self.shell(
      """
      ln -s d.csv link; ln d.csv hard; ln -s "$PWD" folder
      for o in d.csv ./d.csv "$PWD/d.csv" link hard folder/d.csv ../$(basename "$PWD")/d.csv filsluse.yaml; do
        trigger -o "$o" > plain; trigger -o "$o" --force > forced
        echo "$(cut -c1-2 plain) $(cut -c1-2 forced)"
      done
      same; cmp hard d.csv; readlink link; ls -A | wc -l; grep -c 'itself, which this command reads' errors
      """)
    #expect(outcome.output == String(repeating: "74 74\n", count: 8) + "same\nd.csv\n8\n16\n", "\(outcome)")
  }

  @Test("An existing file stays as it is without --force, and is replaced with it")
  func existing() async throws {
    let outcome = try await Self.shell(
      """
      echo old > t; trigger -o t; cat t; trigger -o t --force; grep -c '<FileName>d.csv' t
      echo kept > target; ln -s target link; trigger -o link; trigger -o link --force; cat target; [ -L link ] || echo "a file now"
      ln -s nowhere dangling; trigger -o dangling; [ -e nowhere ] || echo nothing
      trigger -o new; stat -c %a new; ls -A | grep -c part; trigger -o - | grep -c '<FileName>d.csv'
      trigger --force
      """)
    #expect(
      outcome.output == """
        74 -o t
        old
        0 -o t --force
        1
        74 -o link
        0 -o link --force
        kept
        a file now
        74 -o dangling
        nothing
        0 -o new
        644
        0
        1
        64 --force

        """, "\(outcome)")
  }

  @Test("A device, a pipe and a folder are refused at once, with --force too")
  func noPlainFiles() async throws {
    let outcome = try await Self.shell(
      """
      mkfifo pipe; mkdir folder
      for o in pipe folder /dev/stdout /dev/null . folder/; do trigger -o "$o" --force; done
      trigger -o none/t; trigger -o d.csv/t
      ls -A folder; [ -p pipe ] && [ -c /dev/null ] && echo there; grep -c 'without -o it goes to standard output' errors
      """)
    #expect(
      outcome.output == """
        74 -o pipe --force
        74 -o folder --force
        74 -o /dev/stdout --force
        74 -o /dev/null --force
        74 -o . --force
        74 -o folder/ --force
        74 -o none/t
        74 -o d.csv/t
        there
        6

        """, "\(outcome)")
  }

  @Test("A full disk leaves no partial file, and the earlier file unchanged", .enabled(if: SmallDisk.isPermitted))
  func fullDisk() async throws {
    try await withScratchFolder("disk") { parent in
      try await SmallDisk.with(bytes: 65_536, in: parent) { disk in
        let outcome = try await Self.shell(
          """
          D='\(disk.folder)'; echo old > $D/t; dd if=/dev/zero of=$D/ballast bs=1024 2> dd
          trigger -o $D/new | cut -c1-3; trigger -o $D/t --force | cut -c1-3; cat $D/t; ls -A $D; grep -c 'make room' errors
          """)
        #expect(outcome.output == "74 \n74 \nold\nballast\nt\n2\n", "\(outcome)")
      }
    }
  }

  @Test("A backup replaces another file only with --force, and never the journal or the settings")
  func backup() async throws {
    let outcome = try await Self.shell(
      """
      sed -i 's|^journal:.*|journal: journal.sqlite|' filsluse.yaml; cp filsluse.yaml kept
      backup() { "$B" journal backup "$@" > said 2>> errors; echo "$? $*"; }
      "$B" journal list > listed; ln journal.sqlite hard
      backup copy; backup copy; backup copy --force; backup journal.sqlite --force; backup hard --force
      backup journal.sqlite-wal --force; backup ./filsluse.yaml --force
      cmp kept filsluse.yaml; stat -c %a copy; "$B" journal check; ls -A | grep -c part
      """)
    #expect(
      outcome.output.hasPrefix(
        """
        0 copy
        74 copy
        0 copy --force
        74 journal.sqlite --force
        74 hard --force
        74 journal.sqlite-wal --force
        74 ./filsluse.yaml --force
        600

        """), "\(outcome)")
    #expect(outcome.output.hasSuffix("journal.sqlite is sound\n0\n"), "\(outcome)")
  }

  @Test("A demo writes into no folder that holds other files")
  func demo() async throws {
    let outcome = try await Self.shell(
      "mkdir input; echo mine > input/list.csv; \"$B\" demo --directory . 2> said; echo $?; cat input/list.csv; grep -c 'name a new folder' said"
    )
    #expect(outcome.output == "74\nmine\n1\n", "\(outcome)")
  }
}
