internal import SystemPackage
public import TriggerFiles

extension SetUp {
  /// A text for another party, ready to paste into a mail or a form. It is in Danish, because its readers are Danish.
  public struct Letter: Sendable, Hashable {
    /// The name of the text's file.
    public var fileName: String
    /// The party that sends it. Not all are the user's own to send.
    public var sender: LocalizedText
    /// The mailbox or the place to send it to.
    public var recipient: String
    /// The subject.
    public var subject: String
    /// The text; values that only the reader knows are in brackets: `[udfyldes: …]`.
    public var body: String

    /// The whole text, with sender, recipient and subject.
    public var text: String { "Fra: \(sender.da)\nTil: \(recipient)\nEmne: \(subject)\n\n\(body)" }
  }

  /// The texts, in the order of sending: the request for an InfRef (if none is assigned), the SSH key, an order for
  /// each municipality's route, and the order of pickup monitoring. Addresses are those of contract section 5.
  public var letters: [Letter] {
    [infRefRequest].compactMap(\.self) + [keyRegistration] + routeOrders + [monitoringOrder]
  }

  /// The vendor of the sending system, which the set-up is for.
  private static let vendor = LocalizedText(
    "you, the vendor of the sending system", "jer, afsendersystemets leverandør")

  private func blank(_ words: String) -> String { "[udfyldes: \(words)]" }

  private var sender: String { itSystem?.rawValue ?? blank("UUID for jeres it-systeminstans i miljøet") }
  private var recipient: String { recipientITSystem?.rawValue ?? blank("UUID for modtagersystemet i miljøet") }
  private var environmentName: String {
    switch environment {
    case .externalTest: "eksternt testmiljø (\(host))"
    case .production: "produktion (\(host))"
    case nil: host
    }
  }
  private var infRefName: String { infRef?.name ?? blank("den tildelte InfRef") }
  private var closing: String { "\nMed venlig hilsen\n\(contact ?? blank("navn, telefon og postkasse"))\n" }

  private func facts(_ lines: [(String, String)]) -> String {
    lines.map { "  \($0): \($1)\n" }.joined()
  }

  private var infRefRequest: Letter? {
    guard infRef == nil else { return nil }
    let municipalities =
      authorities.isEmpty
      ? blank("kommunerne") : authorities.map { "\($0.municipality.title) (CVR \($0.cvr))" }.joined(separator: ", ")
    return Letter(
      fileName: "1-infref-kdi.txt", sender: Self.vendor, recipient: "kdi@kombit.dk",
      subject: "Bestilling af InfRef til SF1630, Ledelsesinformation - dataload",
      body: """
        Vi bestiller en InfRef til SF1630 for nedenstående fagsystem og indsender GDPR-erklæringen.

        \(facts([
          ("Afsendersystem (it-systeminstans)", sender), ("SFTP-bruger", user), ("Miljø", environmentName),
          ("Afsendende myndighed eller leverandør (CVR)", authority?.digits ?? blank("CVR-nummer")),
          ("Modtagersystem (it-systeminstans)", recipient), ("Kommuner", municipalities),
          ("Dataspecifikation", blank("navn og version, vedlagt")), ("GDPR-erklæring", "vedlagt"),
        ]))
        Oplys venligst den tildelte InfRef (FagsystemdefineredeDataRefGDPR<nummer>_<version>), og giv besked, når den er
        oprettet på Serviceplatformen.
        \(closing)
        """)
  }

  private var keyRegistration: Letter {
    Letter(
      fileName: "2-ssh-noegle-administrationsmodul.txt", sender: Self.vendor,
      recipient: "administrationsmodulet (selvbetjening)",
      subject: "SFTP-bruger \(user) med SSH-nøgle",
      body: """
        Indtastes under jeres it-system i Serviceplatformens administrationsmodul:

        \(facts([
          ("It-systeminstans", sender), ("Miljø", environmentName), ("SFTP-bruger", user),
          ("Udvekslingstype", "Simpel filtransport"),
          ("Offentlig SSH-nøgle", publicKey ?? blank("indholdet af \(keyFile.string).pub")),
        ]))
        Den private nøgle (\(keyFile.string)) sendes aldrig til nogen. Produktion får sin egen nøgle.

        """)
  }

  private var routeOrders: [Letter] {
    guard !authorities.isEmpty else { return [routeOrder(nil)] }
    return authorities.map { routeOrder($0) }
  }

  private func routeOrder(_ authority: Authority?) -> Letter {
    let name = authority.map { "\($0.municipality.title)" } ?? blank("kommune")
    let cvr = authority?.cvr.digits ?? blank("kommunens CVR-nummer")
    return Letter(
      fileName: "3-rute-\(authority?.municipality.code ?? "kommune").txt",
      sender: LocalizedText(
        "you, or the recipient, as agreed (SF1630:70)", "jer eller modtageren efter aftale (SF1630:70)"),
      recipient: "helpdesk@serviceplatformen.dk",
      subject: "Bestilling af SFTP-rute for \(name)",
      body: """
        Vi bestiller ydelsen „Etablering af SFTP-rute mellem dataafgiver og datamodtager“ (Digitaliseringskataloget).

        \(facts([
          ("Myndighed", "\(name), CVR \(cvr)"), ("InfRef", infRefName), ("Rutetype", "eksplicit"),
          ("Afsendersystem (it-systeminstans)", sender), ("Afsendersystemets SFTP-bruger", user),
          ("Modtagersystem (it-systeminstans)", recipient),
          ("Afsendende myndighed (CVR)", cvr), ("Modtagende myndighed (CVR)", cvr), ("Miljø", environmentName),
        ]))
        Serviceaftalen mellem de to systemer er godkendt den \(blank("dato; den godkendes før bestillingen")).
        Giv venligst besked, når ruten er etableret.
        \(closing)
        """)
  }

  private var monitoringOrder: Letter {
    let form =
      infRef?.isSortiment ?? false
      ? "Brug den forudfyldte formular i bilagene til SF7002.\n\n" : ""
    return Letter(
      fileName: "4-overvaagning-helpdesk.txt",
      sender: LocalizedText(
        "the recipient, whose IN is monitored: pass it on", "modtageren, hvis IN overvåges: send den videre"),
      recipient: "helpdesk@serviceplatformen.dk",
      subject: "Bestilling af overvågning af rettidig afhentning",
      body: """
        \(form)Vi bestiller overvågning af, at filer afhentes rettidigt fra modtagersystemets IN-mappe.

        \(facts([
          ("Modtagersystem (it-systeminstans)", recipient),
          ("Modtagersystemets SFTP-bruger", blank("brugernavn")), ("InfRef", infRefName), ("Miljø", environmentName),
          ("Filer skal være afhentet senest", blank("frist, fx 4 timer i arbejdstiden")),
          ("Besked sendes til", contact ?? blank("navn, telefon og postkasse")),
        ]))\(closing)
        """)
  }
}
