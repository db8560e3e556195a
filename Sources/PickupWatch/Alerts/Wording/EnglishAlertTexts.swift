internal import FileExchange
internal import FilsluseBase

/// Alerts in English.
struct EnglishAlertTexts: AlertTexts {
  let critical = "CRITICAL"
  let warning = "WARNING"

  let reasons: [AlertNotification.Reason: String] = [
    .graver: "graver now", .grown: "growing", .repeated: "still", .resolved: "RESOLVED",
    .expired: "CLOSED, NOT RESOLVED",
  ]

  let ages: [Finding.AgeBasis: String] = [
    .watcher: "seen by the watcher", .server: "by the server's clock, corrected",
    .serverUnmeasured: "by the server's clock, which was not measured", .firstSight: "or before; first seen then",
  ]

  let labels = AlertLabels(
    account: "Account", file: "File", infRef: "InfRef", orderForm: "InfRef on the order form",
    sender: "Sender (SFTP user)", authority: "For authority (CVR)", size: "Size", since: "Since", due: "Limit",
    rule: "Rule", detail: "Details", firing: "Alert since", resolved: "Resolved", expired: "Closed", ending: "Why",
    remedy: "Do this", ask: "Ask",
    oldest: "The oldest", kinds: "By sort", acknowledge: "Acknowledge")

  func advice(_ contact: Contact, authority: String?) -> String? {
    switch contact {
    case .infRef: "kdi@kombit.dk about the InfRef and the GDPR declaration"
    case .routes: "helpdesk@serviceplatformen.dk about routes and monitoring"
    case .sender: "the sender of the file; about routes and monitoring: helpdesk@serviceplatformen.dk"
    case .recipient:
      "the recipient of the file\(authority.map { ", the authority with the CVR number \($0)" } ?? ""); about routes and monitoring: helpdesk@serviceplatformen.dk"
    case .own: nil
    }
  }

  func storm(_ count: Int, critical: Int) -> String {
    critical > 0 ? "\(count) findings in one inbox, \(critical) of them critical" : "\(count) findings in one inbox"
  }

  func problems(_ count: Int, critical: Int) -> String {
    "\(count) things wait for a person" + (critical > 0 ? ", \(critical) of them critical" : "")
  }

  func words(for problem: OpenProblem.Kind) -> KindText { ProblemTexts.english(problem) }

  let manyProblems = KindText(
    title: "Many things wait for a person",
    meaning: "The journal shows so many new open problems at once that they are folded into one alert.",
    remedy: "See whether they have one cause; \(.listProblems) and \(.listAlerts) show them all.", contact: .own)

  func formerly(_ meaning: String) -> String { "The alert was: \(meaning)" }
  func settingsLine(_ line: Int) -> String { "line \(line) of the settings" }
  func text(_ remedy: Remedy) -> String { remedy.description }
  func more(_ count: Int) -> String { text("and \(count) more; \(.listAlerts) shows them all") }

  let unexplained = "Not known; see the status page."
  let bytes = "bytes"

  let foreignSortiment = KindText(
    title: "Sortiment from a wrong sender",
    meaning:
      "A sortiment in IN does not come from the shared classification system (FK-KLA), and nobody else may send it.",
    remedy:
      "Do not process the file, and do not permit its sender in the settings; report it to the help desk, and have the sortiment sent by the classification system."
  )

  let unknownKind = KindText(
    title: "Something needs a look", meaning: "The watcher has found something that a person should look at.",
    remedy: "See the details above, and \(.watchOnce).")

  let warnings: [Finding.Kind: KindText] = [
    .pickUpLate: KindText(
      title: "File must be picked up soon",
      meaning: "A file in IN will soon have lain there for as long as its rule allows, and has not been picked up.",
      remedy: "See whether the system that is to fetch it runs and can log in; then fetch the file."),
    .nearCleanUp: KindText(
      title: "File close to clean-up",
      meaning: "A file in IN is soon so old that the platform removes it.",
      remedy: "Fetch it now; after the clean-up its sender has to send it again."),
  ]

  let kinds: [Finding.Kind: KindText] = [
    .pickUpLate: KindText(
      title: "File not picked up in time",
      meaning: "A file has lain in IN for longer than its rule allows and has not been picked up.",
      remedy: "See whether the system that is to fetch it runs and can log in; then fetch the file."),
    .expectedMissing: KindText(
      title: "Expected file has not come",
      meaning: "A file that should have come by its deadline has not been seen in IN.",
      remedy: "Ask the sender whether it was sent, and see whether the route exists for the authority.",
      contact: .sender),
    .tooFewFiles: KindText(
      title: "Fewer files than expected",
      meaning: "Files have come by the deadline, but fewer than the rule expects.",
      remedy: "Compare what came with the sender's list, and ask for what is missing.", contact: .sender),
    .municipalityMissing: KindText(
      title: "A municipality is missing",
      meaning: "There should have been a file for each municipality of the list; at least one is missing.",
      remedy: "Ask the sender about the missing one; a route is ordered for each municipality by itself.",
      contact: .sender),
    .notTakenFromOut: KindText(
      title: "The platform has not taken a sent file",
      meaning:
        "A file and its trigger have lain in OUT for longer than the rule allows; the platform has not taken them.",
      remedy: "See whether the trigger is whole and rightly named; do not send the file again before that is clear."),
    .receiptOverdue: KindText(
      title: "Technical receipt is missing",
      meaning: "A file was sent, but no technical receipt has come within its period.",
      remedy: "Do not send it again yet; ask for the transfer by the file's name and time."),
    .receiptError: KindText(
      title: "Technical receipt reports an error",
      meaning: "The platform's technical receipt says that a sent file was not distributed.",
      remedy: "Read the error in the details, mend its cause, and then send the file again."),
    .businessAnswerMissing: KindText(
      title: "Business answer is missing",
      meaning: "No business answer to a sent file has come within its period.",
      remedy: "Ask the recipient whether the file was handled and its answer sent.", contact: .recipient),
    .dataWithoutMetadata: KindText(
      title: "Data without metadata", meaning: "A data file lies in IN, but its metadata is not there.",
      remedy:
        "Do not fetch it; if the metadata does not come, ask the platform. If such files always come without, name them under bare-files in the settings."
    ),
    .metadataWithoutData: KindText(
      title: "Metadata without data", meaning: "A metadata file lies in IN, but its data file is not there.",
      remedy: "See whether something has fetched the data alone; otherwise ask the platform."),
    .sizeDiffers: KindText(
      title: "The file's size is wrong", meaning: "The data file is longer than its metadata says.",
      remedy: "Do not use the file; ask the sender or the platform for a whole one.", contact: .sender),
    .stoppedGrowing: KindText(
      title: "A file stopped growing",
      meaning: "A data file stopped growing before it was as long as its metadata says.",
      remedy: "Do not use the file; its transfer to the platform or to IN was cut off.", contact: .sender),
    .metadataUnreadable: KindText(
      title: "Metadata cannot be read",
      meaning: "A metadata file in IN cannot be read, so that nobody knows whose the data is.",
      remedy: "Read why in the details, and tell the platform."),
    .nearCleanUp: KindText(
      title: "File may be removed",
      meaning: "A file in IN is so old that the platform removes it, by the settings.",
      remedy: "Fetch it now; after the clean-up its sender has to send it again."),
    .unknownInfRef: KindText(
      title: "Unknown InfRef",
      meaning: "A file in IN has an InfRef that no rule and no arrival knows.",
      remedy: "See whether it is spelt right, and add it to the settings if it is expected.", contact: .infRef),
    .unknownSender: KindText(
      title: "Unknown sender",
      meaning: "A file in IN comes from a sender that has not been permitted.",
      remedy: "Do not process the file before it is clear that the sender may send it.", contact: .routes),
    .otherMunicipality: KindText(
      title: "File name says another municipality",
      meaning: "The name of a file that came says another municipality than its recipient authority is.",
      remedy: "Do not process the file before its sender has said whose data it holds.", contact: .sender),
    .tooManyFiles: KindText(
      title: "Too many files in IN", meaning: "More files lie in IN than the rule allows.",
      remedy: "See whether the system that is to fetch them runs and can keep up.", contact: .own),
    .tooManyBytes: KindText(
      title: "Too much data in IN", meaning: "The files in IN take more room than the rule allows.",
      remedy: "See whether the system that is to fetch them runs and can keep up.", contact: .own),
    .dataWithoutTrigger: KindText(
      title: "Data without a trigger in OUT",
      meaning: "A data file lies in OUT without a trigger, so that the platform does nothing with it.",
      remedy: "See whether the sending was cut off; run it again, and it is finished.", contact: .own),
    .journalUnreadable: KindText(
      title: "The journal cannot be read",
      meaning: "The journal cannot be read, so that nothing is known of receipts and answers to sent files.",
      remedy: "Read why in the details; run \(.checkJournal).", contact: .own),
    .sightsUnusable: KindText(
      title: "The watcher's own file cannot be used",
      meaning: "The watcher cannot keep what it sees, so that it cannot say anything of the account.",
      remedy: "Read why in the details; look for room on the disk and permissions.", contact: .own),
    .loginFailed: KindText(
      title: "Login fails",
      meaning:
        "The server refuses the account's login, or its key cannot be used: nothing can be watched, fetched or sent.",
      remedy:
        "Read why in the details; see whether the key is the one registered for the SFTP user, or was changed."),
    .hostKeyChanged: KindText(
      title: "The server's key has changed",
      meaning:
        "The server shows another host key than the one that is trusted, or it cannot be checked; nobody logged in.",
      remedy:
        "Read why in the details; have a new key's fingerprint confirmed in another way before you trust it."),
    .listingFailed: KindText(
      title: "The folder cannot be listed",
      meaning: "The login works, but one of the account's folders cannot be listed.",
      remedy: "See whether the folder's name in the settings is right, and whether its permissions have changed."),
    .serverUnreachable: KindText(
      title: "The server does not answer",
      meaning: "The server cannot be reached, so that nobody knows what lies in the account's folders.",
      remedy: "See whether network, firewall and name service work from here, and whether the platform is down."),
    .watchGap: KindText(
      title: "A gap in the watching",
      meaning: "For a while the watcher could not see the account's folders; it cannot say what happened then.",
      remedy: "See for yourself whether something should have been fetched or should have come.", contact: .own),
    .test: KindText(
      title: "A test of alerts",
      meaning: "This is a test that somebody asked for with \(Remedy.Step.testAlerts); nothing is wrong.",
      remedy: "Nothing: the alert has come through.", contact: .own),
    .manyFindings: KindText(
      title: "Many findings in one inbox",
      meaning: "So many findings came up in the inbox at once that they are folded into one alert.",
      remedy: "See whether the system that is to fetch has stopped; \(.listAlerts) shows them all."),
  ]
}
