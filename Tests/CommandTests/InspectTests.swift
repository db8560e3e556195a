import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct InspectTests {
  private static func inspect(_ text: String, _ options: [String] = []) async throws -> BuiltCommand.Outcome {
    try await withScratchFolder { folder in
      try TestFiles.write(text, to: folder.appending("document"))
      return try await BuiltCommand.run(["inspect", "document"] + options, in: folder)
    }
  }

  @Test("shows a trigger")
  func showsATrigger() async throws {
    let outcome = try await Self.inspect(TestFiles.trigger())
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(
      outcome.output == """
        document:       trigger
        file:           udtræk_0101.csv
        size:           123456 bytes (120.6 KiB)
        sender:         fagsystem
        sender's id:    7
        recipients:     ROUTING_V1_0_0
        InfRef:         FagsystemdefineredeDataRefGDPR1203_1
        from system:    0d8a7a5c-1111-4222-8333-444455556666
        from authority: 19435075
        to system:      0d8a7a5c-1111-4222-8333-444455558888
        to authority:   19435075
        transaction:    0d8a7a5c-1111-4222-8333-444455557777
        sent:           2026-11-21T04:00:00Z
        valid:          yes
        can be sent:    yes

        """)
  }

  @Test("shows a receipt")
  func showsAReceipt() async throws {
    let outcome = try await Self.inspect(TestFiles.receipt)
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        document: technical receipt
        transfer: a-1
        outcome:  refused
        error 12: Ingen rute: Ingen rute for InfRef

        """)
  }

  @Test("reports errors with line and element")
  func saysWhatIsWrongWithLineAndElement() async throws {
    let text = TestFiles.trigger().replacing("8333-444455557777", with: "8333-44445555777A")
    let outcome = try await Self.inspect(text)
    #expect(outcome.status == 65)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("document:15:"))
    #expect(outcome.errors.contains("/SFTPDynamicRoutingInfo/TransactionId: "))
  }

  @Test("reports separately that a document is valid and that it could be sent")
  func keepsTwoQuestionsApart() async throws {
    let text = TestFiles.trigger(infRef: "SF7002")
    let outcome = try await Self.inspect(text)
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("document:12:7: warning: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("/SFTPDynamicRoutingInfo/InfRef: “SF7002”; SF7002 stands on the form"))
    #expect(outcome.output.hasSuffix("valid:          yes\ncan be sent:    no\n"))
    let sending = try await Self.inspect(text, ["--for-sending"])
    #expect(sending.status == 65)
    #expect(sending.errors.hasPrefix("document:12:7: error: "), "\(sending.errors)")
    let json = try await Self.inspect(text, ["--json"])
    #expect(json.status == 0)
    #expect(json.output.contains(#""valid" : true"#) && json.output.contains(#""canBeSent" : false"#))
    let unknown = try await Self.inspect(TestFiles.trigger(infRef: "Finansbilag_1"), ["--for-sending"])
    #expect(unknown.status == 0, "it may stand in the user's register")
    #expect(unknown.errors.hasPrefix("document:12:7: warning: "))
  }

  @Test("gives null as canBeSent for a document that is no trigger, which --for-sending ends with 65")
  func answersForOtherDocuments() async throws {
    let json = try await Self.inspect(TestFiles.receipt, ["--json"])
    #expect(json.status == 0)
    #expect(json.output.contains(#""valid" : true"#) && json.output.contains(#""canBeSent" : null"#), "\(json.output)")
    let sending = try await Self.inspect(TestFiles.receipt, ["--for-sending"])
    #expect(sending.status == 65)
    #expect(sending.errors.contains("it is a good document and no trigger, and only triggers are sent"))
    let broken = try await Self.inspect("<Trigger>", ["--json"])
    #expect(broken.status == 65)
    #expect(broken.output.contains(#""valid" : false"#) && broken.output.contains(#""canBeSent" : false"#))
  }

  @Test("says that a route does not fit the InfRef")
  func tellsOfARouteThatDoesNotFit() async throws {
    let system = "      <RecipientIt-system>0d8a7a5c-1111-4222-8333-444455558888</RecipientIt-system>\n"
    let text = TestFiles.trigger().replacing(system, with: "")
    let outcome = try await Self.inspect(text)
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("document:11:5: warning: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("[unfit-route]"))
    #expect(try await Self.inspect(text, ["--for-sending"]).status == 65)
  }

  @Test("says which root metadata has")
  func tellsTheRoot() async throws {
    let folder = TestFiles.repository.appending("Samples/documents/valid")
    for (name, root) in [("metadata.xml", "FileMetadata"), ("metadata-older-root.xml", "Trigger")] {
      let file = folder.appending(name).string
      let shown = try await BuiltCommand.run(["inspect", file])
      #expect(shown.output.contains("\nroot:           \(root)\n"), "\(shown.output)")
      let json = try await BuiltCommand.run(["inspect", "--json", file])
      #expect(json.output.contains("\"root\" : \"\(root)\""))
    }
  }

  @Test("warns of foreign content that the platform may refuse")
  func warnsOfForeignContent() async throws {
    let file = TestFiles.repository.appending("Samples/documents/valid/trigger-foreign-content.xml").string
    let outcome = try await BuiltCommand.run(["inspect", "--for-sending", file])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("[foreign-content]"))
  }

  @Test("reads an escaped trigger, and says that it did")
  func readsAnEscapedTrigger() async throws {
    let escaped = TestFiles.trigger().replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    let outcome = try await Self.inspect("Se her:\n" + escaped)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("document: the document was read out of the text around it (escaped)"))
  }

  @Test("reads a trigger out of a mail that is longer than any document, and refuses one that is longer than any mail")
  func readsALongMail() async throws {
    try await withScratchFolder { folder in
      let head = "From: a@b.dk\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=BB\n\n"
      let picture = String(repeating: String(repeating: "QUJD", count: 18) + "\n", count: 40_000)
      let mail =
        head + "--BB\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n\(picture)"
        + "--BB\nContent-Type: application/xml; name=a.trigger\n\n\(TestFiles.trigger())\n--BB--\n"
      try TestFiles.write(mail, to: folder.appending("lang.eml"))
      for input in ["inspect --for-sending lang.eml", "inspect --for-sending - < lang.eml"] {
        let outcome = try await BuiltCommand.shell("cd '\(folder)' && \"$0\" \(input)")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("read out of the text around it (mail)"))
        #expect(outcome.output.contains("can be sent:    yes"))
      }
      let outcome = try await BuiltCommand.shell("(printf '\(head)'; cat /dev/zero) | \"$0\" inspect -")
      #expect(outcome.status == 65 && outcome.errors.contains("a mail larger than 64 MiB"), "\(outcome)")
    }
  }

  @Test("says everything about a document in Danish where that is asked for")
  func inDanish() async throws {
    let trigger = try await Self.inspect(TestFiles.trigger(infRef: "SF7002"), ["--language", "da"])
    #expect(trigger.output.hasPrefix("dokument:      trigger\nfil:           udtræk_0101.csv\n"), "\(trigger.output)")
    #expect(trigger.output.contains("gyldig:        ja\nkan sendes:    nej\n"))
    #expect(trigger.errors.hasPrefix("document:12:7: advarsel: "), "\(trigger.errors)")
    let broken = try await Self.inspect("<a><b></a>", ["--language", "da"])
    #expect(
      broken.errors
        == "document:1:11: fejl: et slutmærke, der ikke passer til sit startmærke; et velformet XML-dokument; ret XML'en her; en XML-editor eller xmllint viser samme sted [not-xml]\n",
      "\(broken.errors)")
    let json = try await Self.inspect("no XML", ["--language", "da", "--json"])
    #expect(json.output.contains(#""expected" : "et XML-dokument""#), "\(json.output)")
  }

  @Test("reads standard input and several files")
  func readsStandardInputAndSeveralFiles() async throws {
    try await withScratchFolder { folder in
      try TestFiles.write(TestFiles.trigger(), to: folder.appending("good.trigger"))
      try TestFiles.write("no XML", to: folder.appending("bad.trigger"))
      let outcome = try await BuiltCommand.shell(
        "cd '\(folder)' && cat good.trigger | $0 inspect bad.trigger - nowhere good.trigger")
      #expect(outcome.status == 66)
      #expect(outcome.errors.contains("bad.trigger:1:1: error: "), "\(outcome.errors)")
      #expect(outcome.errors.contains("filsluse: nowhere: there is no such file\n"))
      #expect(outcome.output.hasPrefix("<stdin>:\ndocument:       trigger\n"))
      #expect(outcome.output.contains("\n\ngood.trigger:\n"))
    }
  }

  @Test("wants the document that is asked for")
  func wantsTheDocumentThatIsAskedFor() async throws {
    let outcome = try await Self.inspect(TestFiles.receipt, ["--as", "trigger"])
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("document:1:1: error: "))
    #expect(outcome.errors.contains("[other-document]"))
    #expect(try await Self.inspect(TestFiles.receipt, ["--as", "receipt"]).status == 0)
    #expect(try await Self.inspect(TestFiles.receipt, ["--as", "letter"]).status == 64)
  }

  @Test("writes JSON")
  func writesJSON() async throws {
    let good = try await Self.inspect(TestFiles.trigger(), ["--json"])
    #expect(good.status == 0)
    #expect(good.output.contains(#""kind" : "Trigger""#))
    #expect(good.output.contains(#""SizeInBytes" : 123456"#))
    let bad = try await Self.inspect("no XML", ["--json"])
    #expect(bad.status == 65)
    #expect(bad.output.contains(#""severity" : "error""#))
  }

  @Test("distinguishes missing from unreadable files")
  func tellsMissingFromUnreadable() async throws {
    let missing = try await BuiltCommand.run(["inspect", "/nowhere/a.trigger"])
    #expect(missing.status == 66)
    #expect(missing.errors == "filsluse: /nowhere/a.trigger: there is no such file\n")
    #expect(try await BuiltCommand.run(["inspect", "/tmp"]).status == 65)
  }

  @Test("refuses huge input without reading it whole")
  func refusesHugeInputWithoutReadingItWhole() async throws {
    let outcome = try await BuiltCommand.shell("\"$0\" inspect - < /dev/zero")
    #expect(outcome.status == 65)
  }

  @Test("distinguishes the good samples from the bad ones")
  func tellsTheGoodSamplesFromTheBad() async throws {
    let root = FilePath(#filePath).removingLastComponent().pushing("../..").lexicallyNormalized()
    let outcome = try await BuiltCommand.shell(
      """
      cd '\(root)/Samples/documents'
      for file in valid/*; do "$0" inspect "$file" >/dev/null 2>&1; echo "${file%%/*} $?"; done | sort -u
      for file in unsendable/*; do "$0" inspect "$file" >/dev/null 2>&1; echo "${file%%/*} $?"; done | sort -u
      for file in unsendable/*; do "$0" inspect --for-sending "$file" >/dev/null 2>&1; echo "sending $?"; done | sort -u
      for file in invalid/*; do "$0" inspect "$file" >/dev/null; echo "${file%%/*} $?"; done 2>/dev/null | sort -u
      """)
    #expect(outcome.output == "valid 0\nunsendable 0\nsending 65\ninvalid 65\n")
  }
}
