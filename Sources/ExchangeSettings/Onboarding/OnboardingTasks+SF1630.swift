import TriggerFiles

/// The tasks of SF1630, by the integration description of 2023: chapter 5, and chapter 2 for the InfRef.
extension OnboardingTasks {
  private static func key(_ id: String) -> TaskKey { TaskKey("SF1630", id) }

  static let sf1630Tasks: [OnboardingTask] = [
    OnboardingTask(
      key("10"), [.sender], TaskActor(.vendor), TaskActor(.vendor),
      LocalizedText("Write the data specification", "Udarbejd dataspecifikationen"), .once,
      [.agreement], at: [.agreement]),
    OnboardingTask(
      key("20"), [.sender, .municipality], TaskActor(.municipality), TaskActor(.vendor),
      LocalizedText("Conclude the data-processing agreement", "Indgå databehandleraftalen"), .once,
      [.agreement]),
    OnboardingTask(
      key("30"), [.sender], TaskActor(.vendor), TaskActor(.vendor),
      LocalizedText(
        "Order the InfRef and send in the GDPR declaration",
        "Bestil InfRef og indsend GDPR-erklæringen"), .once, [.infRef],
      at: [.administrationModule, .mail]),
    OnboardingTask(
      key("40"), [.kombit], TaskActor(.kombit), TaskActor(.kombit),
      LocalizedText("Create the InfRef on the platform", "Opret InfRef på platformen"),
      needs: [.printed(key("30"))], .once, [.infRef], at: [.administrationModule]),
    OnboardingTask(
      key("50"), [.sender], TaskActor(.vendor, of: .sender), TaskActor(.vendor, of: .sender),
      LocalizedText(
        "Create SFTP user and IT-system of the sender", "Opret afsenderens SFTP-bruger og it-system"
      ), .once, [.sftp], at: [.administrationModule]),
    OnboardingTask(
      key("60"), [.receiver], TaskActor(.municipality), TaskActor(.vendor, of: .receiver),
      LocalizedText(
        "Create SFTP user and IT-system of the recipient",
        "Opret modtagerens SFTP-bruger og it-system"), .once, [.sftp], at: [.administrationModule]),
    OnboardingTask(
      key("70"), [.sender, .receiver], TaskActor(.vendor), TaskActor(.agreed),
      LocalizedText(
        "Order the SFTP route with the assigned InfRef", "Bestil SFTP-ruten med den tildelte InfRef"
      ),
      needs: [
        .printed(key("50")), .printed(key("60")),
        .implied(key("30"), enough: LocalizedText("assigned", "tildelt")),
      ], .authority, [.sftp, .infRef], at: [.digitaliseringskataloget],
      notes: [
        LocalizedText(
          "the column of the document needs 50 and 60; its comment demands the assigned InfRef; “created” is needed to send, not to order",
          "dokumentets kolonne kræver 50 og 60; dets kommentar kræver den tildelte InfRef; „oprettet“ kræves for at sende, ikke for at bestille"
        ),
        LocalizedText(
          "the service “Etablering af SFTP-rute mellem dataafgiver og datamodtager” of the catalogue",
          "katalogets service „Etablering af SFTP-rute mellem dataafgiver og datamodtager“"),
      ]),
  ]
}
