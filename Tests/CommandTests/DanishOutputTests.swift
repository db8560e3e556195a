import ArgumentParser
import ExchangeSettings
import PlatformFixture
import SystemPackage
import Testing

@testable import filsluse

/// The output of commands in Danish: nothing of it is English.
@Suite(.timeLimit(.minutes(25))) struct DanishOutputTests {
  /// Common English words that no Danish text has, and that are no command, key or code of ours.
  private static let english: Set<String> = [
    "the", "and", "is", "are", "was", "were", "of", "with", "not", "no", "there", "which", "what", "when", "where",
    "from", "this", "that", "these", "those", "can", "cannot", "will", "would", "has", "been", "its", "it",
    "or", "but", "than", "only", "nothing", "something", "nobody", "waits", "waiting", "found", "failed", "sent",
    "fetched", "collected", "left", "again", "more", "file", "files", "bytes", "settings", "account", "route", "state",
    "name", "arrival", "delivery", "clock", "space", "rights", "verdict", "subject", "option", "value",
    "missing", "unknown", "same", "ahead", "behind", "here", "did", "you", "mean", "entry", "entries", "could",
    "must", "should", "holds", "written", "known", "any", "show", "usage", "invalid", "expected", "such", "exists",
  ]

  /// English words that may stand in Danish output, and why.
  private static let exceptions: [String: String] = [
    "show": "the command journal show, which advice names",
    "name": "the option --name and its key",
    "file": "the column of a list of send",
    "route": "the column of a list of send",
    "missing": "a kind of problem, by its name",
    "arrival": "a place of an InfRef, as --place takes it",
    "fetched": "a state's code, beside its Danish name and in the list of codes that --state takes",
  ]

  /// The lines of a command without the steps of `journal show`, whose details stay as they were written, and without
  /// the log of a service, which is in English.
  private static func own(_ lines: some Sequence<String>, isService: Bool = false) -> String {
    lines.filter { !$0.hasPrefix("20") && !(isService && $0.hasPrefix("filsluse: warning: ")) }.joined(separator: "\n")
  }

  /// The placeholders of a text whose word is English.
  private static func englishPlaceholders(in text: String) -> [String] {
    ["options", "subcommand", "files", "file", "account", "route", "language", "name", "names", "number", "state"]
      .map { "<\($0)>" }.filter(text.contains)
  }

  /// The English words of a text; paths, options, placeholders and settings' keys are names, not words.
  private static func englishWords(in text: String) -> [String] {
    var found: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if word.contains("/") || word.contains("<") || word.hasPrefix("-") || word.hasPrefix("[") { continue }
      if word.contains("SHA256:") { continue }
      // A settings' key with the section that it stands in.
      if word.hasSuffix(":"), word.contains(".") { continue }
      for part in word.lowercased().split(whereSeparator: { !$0.isLetter && $0 != "-" && $0 != "_" }) {
        let part = String(part)
        if english.contains(part), exceptions[part] == nil { found.append(part) }
      }
    }
    return found
  }

  @Test("finds English where it is, and none in Danish")
  func finding() {
    #expect(Self.englishWords(in: "nothing waits for a person") == ["nothing", "waits"])
    #expect(Self.englishWords(in: "intet venter på en person; filsluse journal list viser alt (--state)") == [])
    #expect(Self.english.isDisjoint(with: Self.danishWords))
  }

  /// Danish words that look like English ones.
  private static let danishWords: Set<String> = [
    "for", "at", "to", "by", "i", "en", "den", "under", "over", "men", "have", "sender",
  ]

  /// Every line is run with `--language da`; what it says is marked with the line.
  private static let commands = [
    "send brev.csv --route flis-0101", "send brev.csv --route flis-0101", "send nej.csv --route flis-0101",
    "send brev.csv --route flis-0999", "send brev.csv --route flsi-0101", "send",
    "send brev.csv --route flis-0101 --name x.csv --again --no-wait",
    "status", "status --close D9 --because ordnet", "check", "check --account fagsystm", "check --without-writing",
    "journal list", "journal list --state accepted", "journal list --state godkendt", "journal list --state acepted",
    "journal list --account ingen",
    "journal show D1", "journal show D99", "journal find brev", "journal find findesikke", "journal check",
    "journal anchor", "journal verify", "journal verify --anchor 1:x", "journal backup kopi.sqlite",
    "journal backup kopi.sqlite", "journal forget", "journal lst", "journal list --day i-går", "retry D1", "retry D99",
    "retry x", "retry D1 --by-hand", "cancel 1", "cancel 99", "alerts list", "alerts unsilence 1",
    "alerts silence --account ingen --for 1h --why test", "alerts silence --for 1h --why test", "alerts test",
    "trigger --file brev.csv --route flis-0101", "trigger --file nej.csv --route flis-0101", "trigger --file brev.csv",
    "run --http ingen-adresse", "run --http 0.0.0.0:8650", "run --http 127.0.0.1:0 --http-token nej.txt",
  ]

  /// The words of every command; none for the root.
  private static let everyCommand: [String] = {
    func all(_ command: any ParsableCommand.Type, _ words: [String]) -> [String] {
      [words.joined(separator: " ")]
        + command.configuration.subcommands.flatMap { all($0, words + [$0._commandName]) }
    }
    return all(Filsluse.self, [])
  }()

  /// A help without the names in it: the values of options, objects as they are typed into a file, and the columns of a
  /// list, each before its meaning.
  private static func withoutNames(_ help: String) -> String {
    let text = help.replacing(/\(værdier: [^)]*\)/, with: "").replacing(/\{[^}]*\}/, with: "")
    let columns = RegisterColumn.allCases.map { "\($0.rawValue): " }
    let lines = text.split(separator: "\n").map { line -> Substring in
      guard let column = columns.first(where: { line.hasPrefix($0) }) else { return line }
      return line.dropFirst(column.count)
    }
    return lines.joined(separator: "\n")
  }

  @Test("help is Danish alone", arguments: DanishOutputTests.everyCommand)
  func help(command: String) async throws {
    let words = command.split(separator: " ").map(String.init)
    let danish = ["COLUMNS": "80", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "da_DK.UTF-8"]
    let outcome = try await BuiltCommand.outcome(
      of: [try BuiltCommand.binary().string] + words + ["--help"], environment: danish)
    #expect(outcome.status == 0 && outcome.output.hasPrefix("OVERBLIK: "), "\(outcome)")
    // The names of commands stand before what each does, and those of other parts are worded by themselves.
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let shown = words.isEmpty ? Array(lines.prefix { $0 != "KOMMANDOER:" }) : lines
    #expect(Self.englishWords(in: Self.withoutNames(Self.own(shown))) == [], "\(outcome.output)")
    #expect(Self.englishPlaceholders(in: outcome.output) == [], "\(outcome.output)")
  }

  @Test("commands that go on take --language too, and the last one counts", arguments: ["run", "watch"])
  func commandsThatGoOn(command: String) async throws {
    let outcome = try await BuiltCommand.run([command, "--language", "en", "--language", "da", "--http-token", "x"])
    #expect(outcome.status == 64 && outcome.errors.contains("--http-name hører til --http\n"), "\(outcome)")
  }

  @Test("every command speaks Danish alone, to a real platform")
  func noEnglish() async throws {
    let calls =
      Self.commands.map { "da \($0) --config $s" } + [
        "da receive --config $c/flis/filsluse.yaml", "da receive --config $c/flis/filsluse.yaml",
        "da status --config $c/flis/broken.yaml", "da send brev.csv --route flis-0101 --config tom.yaml",
        "da receive --config latin.yaml", "da watch --once --config $c/flis/broken.yaml --json",
        "da receive --config $c/flis/away.yaml", "da receive --config $c/flis/wrong.yaml",
        "da check --config $c/flis/wrong.yaml", "da receive --config $c/flis/both.yaml",
        "da journal show A1 --config $c/flis/filsluse.yaml", "da known-hosts scan 127.0.0.1 --port 1", "da explain 75",
        "da explain intet", "da infref check SortimentOverfor_1", "da inspect intet.xml", "da jurnal",
      ]
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; printf 'a;b\\n' > brev.csv; ssh-keygen -q -t ed25519 -N '' -f wrong
        sed "s|^    key: .*|    key: $PWD/wrong|" $c/flis/filsluse.yaml > $c/flis/wrong.yaml
        sed "s|^    key: \\(.*\\)|    key: [$PWD/wrong, \\1]|" $c/flis/filsluse.yaml > $c/flis/both.yaml
        sed 's|^    port: .*|    port: 1|' $c/flis/filsluse.yaml > $c/flis/away.yaml
        { echo 'jurnal: x'; sed 's|^    port: .*|    port: 70000\\n    poll: 5 minutes|; s|account: flis$|account: flsi|' \\
          $c/flis/filsluse.yaml; } > $c/flis/broken.yaml
        : > tom.yaml; printf 'inbox: udtr\\346k\\n' > latin.yaml
        da() { echo "%% $*"; "$0" "$@" --language da 2>&1; echo "% $?"; }
        \(calls.joined(separator: "\n"))
        """)
    let said = outcome.output.split(separator: "%% ").map(String.init)
    #expect(said.count == calls.count, "\(outcome)")
    for text in said {
      // The first line is the call itself.
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines.count > 2, "says nothing: \(text)")
      let own = Self.own(lines.dropFirst(), isService: text.hasPrefix("run ") || text.hasPrefix("watch "))
      #expect(Self.englishWords(in: own) == [], "\(text)")
      #expect(Self.englishPlaceholders(in: own) == [], "\(text)")
      #expect(!own.contains("”"), "\(text)")
      // People read the time of their own clock; UTC is for programs, as in JSON and in a trigger.
      let isForPrograms = lines[0].contains("--json") || text.hasPrefix("trigger ")
      #expect(isForPrograms || !text.contains(/T\d\d:\d\d:\d\d(\.\d+)?Z/), "\(text)")
    }
    #expect(outcome.output.contains("mente du „fagsystem“?"), "\(outcome)")
    let slip = said.first { $0.contains("--route flsi-0101") } ?? ""
    #expect(slip.contains("Der er ingen rute flsi-0101 i ") && slip.contains(" Mente du „flis-0101“?"), "\(slip)")
    let retried = said.first { $0.contains("away.yaml") }?.split(separator: "\n") ?? []
    #expect(
      retried.contains { $0.hasPrefix("filsluse: advarsel: flis: ") && $0.contains("; der prøves igen om ") },
      "\(retried)")
    #expect(said.contains { $0.hasPrefix("send ") && $0.contains("\ngodkendt ") }, "\(outcome)")
    let second = said.first { $0.contains("both.yaml") } ?? ""
    #expect(second.contains("filsluse: advarsel: logget ind med nøglen "), "\(second)")
    for part in ["jurnal: ukendt nøgle", "en port fra 1 til 65535", "mente du „flis“?", "filen er tom", "ikke UTF-8"] {
      #expect(outcome.output.contains(part), "\(part): \(outcome)")
    }
  }

  private static let texts = FilePath(#filePath).removingLastComponent().pushing("../../Scripts/texts")
    .lexicallyNormalized()

  @Test("a file of texts that an operator has corrected is written into the sources, unless a text loses a value")
  func corrected() async throws {
    try await withScratchFolder("texts") { folder in
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'; mkdir -p Scripts Sources; cp '\(Self.texts)' Scripts/texts
        cat > Sources/Some.swift <<'SWIFT'
        let one = LocalizedText("a file", "en fil")
        let two = LocalizedText(
          "\\(count) files wait", "\\(count) filer venter")
        let three = LocalizedText(da: "tre", en: "three")
        let faults = [7: "der mangler et navn"]
        let error = Failure(message: "it is gone", remedy: "put it back").inDanish("Den er væk. Læg den tilbage.")
        SWIFT
        Scripts/texts --check 2> /dev/null; echo "without the file $?"
        Scripts/texts --write; Scripts/texts --check; echo "written $?"; cat Guide/Texts.csv
        sed -i 's/;en fil$/;en "god" fil/; s/;tre$/;hele tre/; s/et navn$/navnet/; s/væk/borte/' Guide/Texts.csv
        Scripts/texts --check 2>&1 | grep -c '^[-+] '
        Scripts/texts --correct 2> /dev/null; echo "corrected $?"; Scripts/texts --check; echo "renewed $?"
        sed 's/) filer venter/ + 1) filer venter/' Guide/Texts.csv > copy.csv
        Scripts/texts --correct copy.csv 2>&1 | grep -c 'the values in it are others'
        cat Sources/Some.swift
        """)
      #expect(
        outcome.output == """
          without the file 1
          written 0
          file;English;Danish
          Sources/Some.swift;a file;en fil
          Sources/Some.swift;\\(count) files wait;\\(count) filer venter
          Sources/Some.swift;three;tre
          Sources/Some.swift;[7];der mangler et navn
          Sources/Some.swift;it is gone. put it back;Den er væk. Læg den tilbage.
          8
          corrected 0
          renewed 0
          1
          let one = LocalizedText("a file", "en \\"god\\" fil")
          let two = LocalizedText(
            "\\(count) files wait", "\\(count) filer venter")
          let three = LocalizedText(da: "hele tre", en: "three")
          let faults = [7: "der mangler navnet"]
          let error = Failure(message: "it is gone", remedy: "put it back").inDanish("Den er borte. Læg den tilbage.")

          """, "\(outcome)")
    }
  }

  @Test("the file of all texts is that of the sources, and no Danish literal of them is missing in it")
  func table() async throws {
    let check = try await BuiltCommand.outcome(of: ["python3", Self.texts.string, "--check"])
    #expect(check.status == 0, "\(check.errors)")
    let root = Self.texts.removingLastComponent().removingLastComponent()
    let kept = try await BuiltCommand.shell(
      """
      cd '\(root)'; head -1 Guide/Texts.csv
      grep -c '^Sources/filsluse/Commands/Status.swift;nothing waits for a person;intet venter på en person$' Guide/Texts.csv
      """)
    #expect(kept.output == "file;English;Danish\n1\n", "\(kept)")
  }

  @Test("each language has one kind of quotation marks; straight ones stand in what is typed into a file alone")
  func quotationMarks() async throws {
    let outcome = try await BuiltCommand.outcome(of: ["python3", Self.texts.string, "--marks"])
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome)")
  }

  @Test("language: of the settings and the environment count where --language does not")
  func order() async throws {
    let outcome = try await BuiltCommand.shell(
      besidePlatform: """
        s=$c/fagsystem/filsluse.yaml; (echo 'language: da'; cat $s) > $c/fagsystem/dansk.yaml
        "$0" status --config $s 2>&1; LC_ALL= LC_MESSAGES= LANG=da_DK.UTF-8 "$0" status --config $s 2>&1
        "$0" status --config $c/fagsystem/dansk.yaml 2>&1
        "$0" status --config $c/fagsystem/dansk.yaml --language en 2>&1
        LANG=da_DK.UTF-8 LC_ALL=C "$0" status --config $s 2>&1; LC_ALL= LC_MESSAGES= LANG=da_DK.UTF-8 "$0" status --help | head -1
        """)
    let (danish, english) = ("intet venter på en person", "nothing waits for a person")
    let expected = [english, danish, danish, english, english]
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(Array(lines.prefix(5)) == expected, "\(outcome)")
    #expect(lines.last?.hasPrefix("OVERBLIK: ") == true, "\(outcome)")
  }
}
