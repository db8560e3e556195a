import Testing

/// Files of the wrong municipality, in each mode in which the built command sends files.
@Suite("The command refuses files of the wrong municipality", .timeLimit(.minutes(25))) struct MunicipalityCommandTests
{
  @Test("send, a list and a pattern refuse them with nothing sent; a statement and a setting are recorded")
  func everyWayRefuses() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; mkdir u
        for n in udtræk_0751_0492_begge udtræk_0751_Ærø_x udtræk_0492_z beløb_0400_vejen; do echo $n > u/$n.csv; done
        refused() { "$0" "$@" --config $s > sent 2> refused; echo "$1 $?"; cat refused >> all; }
        refused send --batch 'u/udtræk_{code}_*.csv'
        refused send u/udtræk_0492_z.csv --route flis-0751
        echo x > u/a.csv; refused send u/a.csv --route flis-0751 --name udtræk_492.csv
        printf 'file;municipality\\nu/udtræk_0492_z.csv;0751\\n' > list.csv; refused send --batch list.csv
        printf 'file;route\\nu/udtræk_0492_z.csv;flis-0751\\n' > list.csv; refused send --batch list.csv
        refused trigger --file u/udtræk_0492_z.csv --route flis-0751
        grep -c '0492 Ærø' all; grep -c '0751 Aarhus' all; grep -c 'at character' all; grep -c 'not-municipalities:' all
        echo "distributed $(grep -c distributed log)"; "$0" journal list --config $s | grep -c '^D[0-9]'
        "$0" send u/beløb_0400_vejen.csv --route flis-0751 --holds-municipality 751 --config $s > sent; echo "stated $?"
        "$0" journal show D1 --config $s | grep -o 'stated to hold 0751 Aarhus; its name says 0400 Bornholm'
        sed -i '/^  flis-0751:$/,/municipality/ s/^    municipality: .*$/&\\n    not-municipalities: [Vejen, "0400"]/' $s
        "$0" send u/beløb_0400_vejen.csv --route flis-0751 --name vejen_0400.csv --config $s > sent; echo "passed over $?"
        "$0" journal show D2 --config $s | grep -o 'not-municipalities of the route passes over .*Vejen'
        """)
    #expect(
      outcome.output == """
        send 65
        send 65
        send 65
        send 65
        send 65
        trigger 65
        10
        10
        10
        10
        distributed 0
        0
        stated 0
        stated to hold 0751 Aarhus; its name says 0400 Bornholm
        passed over 0
        not-municipalities of the route passes over 0400 Bornholm (“0400” at character 7), 0575 Vejen (“vejen” at character 12), 0575 Vejen

        """, "\(outcome)")
  }

  @Test("trigger refuses two municipalities of SF1630 without any settings, and takes a statement")
  func triggerWithoutSettings() async throws {
    let outcome = try await BuiltCommand.shell(
      """
      cd "$(mktemp -d)"; echo x > udtræk_0751_0492.csv
      t() { "$0" trigger --file udtræk_0751_0492.csv --infref "$1" --sender a --sender-it-system \
        0d8a7a5c-1111-4222-8333-444455556666 --sender-authority 19435075 --recipient-authority 19435075 \
        --recipient-it-system 0d8a7a5c-1111-4222-8333-444455557777 "${@:2}" 2>> errors | grep -c TransactionId; }
      t FagsystemdefineredeDataRefGDPR1203_1; t SortimentOverfør_1
      t FagsystemdefineredeDataRefGDPR1203_1 --holds-municipality 0751
      t FagsystemdefineredeDataRefGDPR1203_1 --name udtræk_0751.csv
      grep -c 'both 0751 Aarhus.*0492 Ærø' errors; grep -o 'stated to hold 0751 Aarhus' errors
      """)
    #expect(outcome.output == "0\n1\n1\n0\n2\nstated to hold 0751 Aarhus\n", "\(outcome)")
  }

  @Test("run sets a file of another municipality aside and alerts, while others go on")
  func aWatchedFolder() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; ud=$c/fagsystem/ud
        sed -i '/^  flis-0751:$/,/municipality/ s/^    municipality: .*$/&\\n    outgoing: { folder: ud, settled-for: 200ms }/' $s
        "$0" run --config $s 2> sender & sender=$!
        until_so '[ -d $ud ]'
        for n in udtræk_0492_z Aarhus_Ærø udtræk_751 udtræk; do echo $n > draft; mv draft "$ud/$n.csv"; done
        until_so '[ $(ls $ud/sent/* | grep -c csv) = 2 ]'
        until_so '[ $(find $ud/set-aside -name "*.csv" | wc -l) = 2 ]'
        until_so '[ $(grep -c "is set aside.*0492 Ærø.*0751 Aarhus" sender) = 2 ]'
        kill -TERM $sender; wait $sender; echo "run $?"
        ls $ud/sent/*; cat $ud/set-aside/* $ud/set-aside/*/* 2>> errors | grep -c '0492 Ærø.*0751 Aarhus'
        echo "distributed $(grep -c distributed log)"
        """)
    #expect(outcome.output == "run 0\nudtræk.csv\nudtræk_751.csv\n4\ndistributed 2\n", "\(outcome)")
  }

  @Test("the watcher warns of an arrival of another municipality, also after it was collected")
  func theWatcherWarns() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; r=$c/flis/filsluse.yaml
        sed -i '/^  flis-0751:$/,/municipality/ { /municipality/d }' $s
        echo x > udtræk_0492.csv; "$0" send udtræk_0492.csv --route flis-0751 --config $s > sent; echo "send $?"
        sed -i '/^arrivals:/,/^[a-z]*:$/ s/^    infref: .*$/&\\n    municipalities: { "99000751": "0751" }/' $r
        "$0" receive --config $r > got; echo "receive $?"
        "$0" journal show A1 --config $r | grep -o 'warning: its name says 0492 Ærø.*99000751 is 0751 Aarhus'
        "$0" watch --once --config $r > found; echo "watch $?"; grep -o other-municipality found | sort -u
        """)
    #expect(
      outcome.output == """
        send 0
        receive 0
        warning: its name says 0492 Ærø (“0492” at character 8), and its recipient authority 99000751 is 0751 Aarhus
        watch 1
        other-municipality

        """, "\(outcome)")
  }
}
