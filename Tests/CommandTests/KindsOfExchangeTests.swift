import Testing

/// The built command beside the local platform: direct files, files without metadata, unreadable receipts.
@Suite("Kinds of exchange, end to end", .timeLimit(.minutes(25))) struct KindsOfExchangeTests {
  @Test("a direct file is collected by the arrival of its sender, and stays in IN without one")
  func direct() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        sed -i 's/^routes:$/&\\n  nabo: { account: fagsystem, kind: direct, recipients: [flis] }/' $c/fagsystem/filsluse.yaml
        echo indhold > 'til flis.csv'
        "$0" send 'til flis.csv' --route nabo --config $c/fagsystem/filsluse.yaml > sent; echo "sent $?"
        "$0" receive --config $c/flis/filsluse.yaml > left; echo "left $?"; grep -c quarantined left
        sed -i 's/^arrivals:$/&\\n  nabo: { account: flis, kind: direct, senders: [fagsystem] }/' $c/flis/filsluse.yaml
        "$0" receive --json --config $c/flis/filsluse.yaml > taken; echo "taken $?"; grep -c infRef taken
        cmp 'til flis.csv' "$c/flis/inbox/flis/til flis.csv" && echo same
        "$0" journal show A1 --config $c/flis/filsluse.yaml | grep -c 'sender.*fagsystem$'
        ls platform/systems/flis/IN | wc -l
        """)
    #expect(
      outcome.output == """
        sent 0
        left 65
        1
        taken 0
        0
        same
        1
        0

        """, "\(outcome)")
    #expect(outcome.errors.contains("kind: direct"), "\(outcome)")
  }

  @Test("bare files stay in IN and OUT untouched, and a rule asks for their pick-up")
  func bare() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        sed -i 's/^    port:.*$/&\\n    bare-files: ["SF2900_*.xml"]/' $c/flis/filsluse.yaml
        IN=platform/systems/flis/IN OUT=platform/systems/flis/OUT
        echo sag > $IN/SF2900_1.xml; echo sag > $OUT/SF2900_2.xml
        echo data > a.csv
        "$0" send a.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent; echo "sent $?"
        "$0" receive --config $c/flis/filsluse.yaml > got; echo "received $?"; grep -c a.csv got
        "$0" receive --config $c/flis/filsluse.yaml; echo "again $?"
        ls $IN $OUT | grep -c SF2900
        sed -i 's/^  rules:$/&\\n    - { account: flis, half-pair-after: 1s }/' $c/flis/filsluse.yaml
        touch -d '2 hours ago' $IN/SF2900_1.xml $OUT/SF2900_2.xml
        "$0" watch --once --config $c/flis/filsluse.yaml > seen; echo "watched $?"
        sed -i 's/^  rules:$/&\\n    - { account: flis, bare-files: "SF2900_*.xml", pick-up-within: 1h }/' $c/flis/filsluse.yaml
        "$0" watch --once --config $c/flis/filsluse.yaml > seen; echo "asked $?"; grep -c 'SF2900_1.xml' seen
        """)
    #expect(
      outcome.output == """
        sent 0
        received 0
        1
        nothing waits
        again 0
        2
        watched 0
        asked 2
        1

        """, "\(outcome)")
  }

  @Test("an unreadable receipt or metadata gives status 65, and no report that nothing waits")
  func unreadable() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        IN=platform/systems/flis/IN
        "$0" receive --config $c/flis/filsluse.yaml; echo "empty $?"
        echo '<TechnicalReceipt' > $IN/fremmed.csv.sftpreceipt
        "$0" receive --config $c/flis/filsluse.yaml; echo "receipt $?"
        rm $IN/*; echo x > $IN/a.csv; echo '<FileMetadata' > $IN/a.csv.metadata
        "$0" receive --config $c/flis/filsluse.yaml; echo "metadata $?"
        rm $IN/*
        echo data > b.csv; echo '<TechnicalReceipt' > platform/systems/fagsystem/IN/b.csv.sftpreceipt
        "$0" send b.csv --route flis-0101 --wait-for 2s --config $c/fagsystem/filsluse.yaml > sent; echo "sent $?"
        "$0" receive --config $c/fagsystem/filsluse.yaml; echo "waited for $?"
        rm platform/systems/fagsystem/IN/b.csv.sftpreceipt
        "$0" send b.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent; echo "in the end $?"
        """)
    #expect(
      outcome.output == """
        nothing waits
        empty 0
        nothing was collected; 1 file lies in IN
        receipt 65
        nothing was collected; 2 files lie in IN
        metadata 65
        sent 65
        nothing was collected; 1 file lies in IN
        waited for 65
        in the end 0

        """, "\(outcome)")
  }

  @Test("metadata with an empty optional element and xsi: on its root is collected, and inspect warns of both")
  func emptyOptional() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        IN=platform/systems/flis/IN
        echo data > a.csv
        "$0" send a.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent; echo "sent $?"
        sed -i 's|<SendersFileId>[^<]*</SendersFileId>|<SendersFileId/>|; s|<[a-z0-9]*:FileMetadata |&xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x y" |' $IN/a.csv.metadata
        grep -c '<SendersFileId/>' $IN/a.csv.metadata
        "$0" inspect $IN/a.csv.metadata > shown 2> warned; echo "inspected $?"
        grep -c 'warning.*empty-optional' warned; grep -c 'warning.*schema-attribute' warned
        "$0" receive --config $c/flis/filsluse.yaml > got; echo "received $?"
        cmp a.csv $c/flis/inbox/flis/a.csv && echo same
        """)
    #expect(
      outcome.output == """
        sent 0
        1
        inspected 0
        1
        1
        received 0
        same

        """, "\(outcome)")
  }

  @Test("a FileTransferUUID over 255 bytes is quarantined at intake, and taken once the settings allow it")
  func longTransferID() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        IN=platform/systems/flis/IN; long=$(printf '%0300d' 7)
        echo data > a.csv
        "$0" send a.csv --route flis-0101 --config $c/fagsystem/filsluse.yaml > sent; echo "sent $?"
        sed -i "s|<FileTransferUUID>[^<]*<|<FileTransferUUID>$long<|" $IN/a.csv.metadata
        "$0" receive --config $c/flis/filsluse.yaml > got; echo "received $?"; grep -c quarantined got
        sed -i 's/longest-transfer-id: 255/longest-transfer-id: 300/' $c/flis/filsluse.yaml
        "$0" receive --json --config $c/flis/filsluse.yaml > got; echo "allowed $?"; grep -c "$long" got
        """)
    #expect(
      outcome.output == """
        sent 0
        received 65
        1
        allowed 0
        1

        """, "\(outcome)")
    #expect(outcome.errors.contains("longest-transfer-id"), "\(outcome)")
  }

  /// The router is stopped, so that the first file stays under way; the server goes on.
  @Test("send and run report a name that another route has under way at once, with its delivery's number")
  func takenName() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        mail=$(cat /proc/$platform/task/$platform/children); kill -STOP $mail
        s=$c/fagsystem/filsluse.yaml
        echo data > a.csv
        "$0" send a.csv --route flis-0751 --no-wait --config $s > sent; echo "first $?"
        "$0" send a.csv --route lis-0751 --config $s > sent 2> refused; echo "second $?"
        grep -c 'delivery D1 by route flis-0751 holds this name' refused
        sed -i '/^  lis-0751:$/a\\    outgoing: { folder: ud, settled-for: 100ms }' $s
        "$0" run --config $s 2> running & run=$!
        until_so '[ -d $c/fagsystem/ud ]'
        cp a.csv draft; mv draft $c/fagsystem/ud/a.csv
        until_so 'grep -q "a.csv waits: .*delivery D1 by route flis-0751 holds this name" running'
        sed -i '/^  lis-0751:$/a\\    name: "{stem}.{route}{ext}"' $s
        "$0" send a.csv --route lis-0751 --no-wait --config $s > sent; echo "named $?"; grep -c a.lis-0751.csv sent
        kill -CONT $mail
        until_so '[ $(ls $c/fagsystem/ud/sent/* 2>> errors | grep -c a.csv) = 1 ]'
        until_so '[ $("$0" journal list --config $s | grep -c accepted) = 3 ]'
        kill -TERM $run; wait $run; echo "run $?"
        """)
    #expect(
      outcome.output == """
        first 0
        second 75
        1
        named 0
        1
        run 0

        """, "\(outcome)")
  }
}
