internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// One file, from first sight to removal. Its name is masked; who asks for it is recorded.
struct FilePage {
  let history: FileHistory
  let context: PageContext

  private var voice: PageVoice { context.voice }
  private var row: FileRow { history.row }

  func html() -> Markup {
    let title = "\(voice.say("Fil", "File")) \(row.id): \(Markup.cut(Masked.name(row.name), to: 120))"
    return PageFrame(voice: voice, title: title).page(
      in: nil,
      """
      <p>\(StateMark(row.state, voice).inWords)</p>
      <div class="two">
      <section aria-labelledby="about"><h2 id="about">\(voice.say("Om filen", "About the file"))</h2>
      \(facts)\(problem)
      </section>
      <section aria-labelledby="history"><h2 id="history">\(voice.say("Forløb", "History"))</h2>
      <ol class="life">\(events)</ol>
      </section>
      </div>
      \(alerts)
      <section aria-labelledby="name"><h2 id="name">\(voice.say("Filens fulde navn", "Full name of the file"))</h2>
      \(name)
      </section>
      """)
  }

  private var facts: Markup? {
    var facts = FactList(voice: voice)
    facts.add(voice.say("Navn", "Name"), "<span class=\"name\">\(Markup.cut(Masked.name(row.name), to: 255))</span>")
    facts.add(
      voice.say("Indbakke", "Inbox"),
      PageLink.inbox(row.account, to: 100))
    facts.add(voice.say("Mappe", "Folder"), text: place)
    facts.add("InfRef", text: row.infRef?.description)
    facts.add(voice.say("Afsender", "Sender"), text: row.sender.map(Masked.name))
    facts.add(voice.say("Afsendermyndighed", "Sender authority"), text: row.senderAuthority)
    facts.add(voice.say("Modtagermyndighed", "Recipient authority"), text: row.recipientAuthority)
    facts.add(voice.say("Kommune", "Municipality"), text: row.municipality?.title)
    facts.add("FileTransferUUID", text: history.transfer.map(Masked.name))
    facts.add(voice.say("Størrelse", "Size"), text: row.size.map(voice.size))
    facts.add(voice.say("Ventetid", "Waited"), waited)
    facts.add(voice.say("Alder regnes fra", "Age counts from"), age)
    if let arrival = history.arrival {
      facts.add(
        voice.say("Modtagelse", "Arrival"), "<a href=\"\(PageAddress.journal("A\(arrival)"))\">A\(arrival)</a>")
    }
    return facts.html()
  }

  private var place: String {
    switch row.place {
    case .inbox: "IN"
    case .outbox: "OUT"
    case .receipt: voice.say("IN, teknisk kvittering", "IN, technical receipt")
    }
  }

  private var waited: Markup {
    guard let limit = row.limitSeconds else {
      return "\(voice.span(row.waitedSeconds)), \(voice.say("ingen regel", "no rule"))"
    }
    let allowed = voice.span(limit) + (row.isBusinessTime ? voice.say(" i åbningstid", " of business hours") : "")
    return "\(voice.span(row.waitedSeconds)) \(voice.say("af", "of")) \(allowed)"
  }

  private var age: Markup {
    let clock =
      switch row.age.basis {
      case .watcher: voice.say("efter vores ur", "by our clock")
      case .server: voice.say("efter serverens ur, rettet", "by the server's clock, corrected")
      case .serverUnmeasured: voice.say("efter serverens ur, urettet", "by the server's clock, uncorrected")
      case .firstSight: voice.say("da vi så den; den lå der før", "our first sight; it was there before")
      }
    return "\(voice.dayAndTime(row.age.since)), \(clock)"
  }

  private var problem: Markup? {
    history.problem.map { "<p class=\"notice\">\(Markup.cut(Masked.name(voice.say($0)), to: 500))</p>" }
  }

  private var events: [Markup] {
    Markup.fitting(history.events, bytes: 40_000, limit: 200) { event in
      let size: Markup? = event.size.map { ", \(voice.size($0))" }
      return "<li>\(voice.dayAndTime(event.at)) \(words(event))\(size)</li>\n"
    }
  }

  private func words(_ event: FileEvent) -> String {
    switch event.what {
    case .notYetThere: voice.say("var der ikke endnu", "was not there yet")
    case .dataSeen: voice.say("data set første gang", "data seen for the first time")
    case .dataChanged: voice.say("data ændret senest", "data changed for the last time")
    case .sidecarSeen:
      voice.say(
        "metadata, trigger eller kvittering set første gang", "metadata, trigger or receipt seen for the first time")
    case .sidecarChanged:
      voice.say(
        "metadata, trigger eller kvittering ændret senest", "metadata, trigger or receipt changed for the last time")
    case .incomplete: voice.say("kun den ene af to filer er der", "only one of the two files is there")
    case .lastSeen: voice.say("set senest", "last seen")
    case .gone: voice.say("væk", "gone")
    }
  }

  private var alerts: Markup? {
    if history.alerts.isEmpty { return nil }
    let table = AlertTable(
      rows: history.alerts, voice: voice, caption: voice.say("Alarmer om filen", "Alerts about the file"))
    return """
      <section aria-labelledby="alerts"><h2 id="alerts">\(voice.say("Alarmer", "Alerts"))</h2>
      \(table.html())
      </section>

      """
  }

  private var name: Markup {
    let acts = ActForms(context: context)
    let words = voice.say(
      "Navne kan rumme personnumre og vises derfor maskeret. Hvem der ser det fulde navn, og hvorfor, skrives ned.",
      "Names may hold personal identity numbers, so they are masked. Who sees the full name, and why, is recorded.")
    let form = acts.form(
      .showNames, id: "names",
      """
      <input type="hidden" name="file" value="\(row.id)">\(acts.person(id: "names", needsReason: true))\
      \(acts.button(voice.say("Vis navnet", "Show the name")))
      """)
    return "<p>\(words)</p>\(form)\(seen)"
  }

  private var seen: Markup? {
    if history.disclosures.isEmpty { return nil }
    let lines = history.disclosures.prefix(20).map { seen -> Markup in
      let why: Markup? = seen.why.map { ": \(Markup.cut(Masked.name($0), to: 200))" }
      return
        "<li>\(voice.dayAndTime(seen.at)) \(voice.say("vist for", "shown to")) \(Markup.cut(Masked.name(seen.by), to: 80))\(why)</li>\n"
    }
    return "<ol class=\"life\">\(lines)</ol>"
  }
}

/// The full names of files, for the person who asked for them and no other: the page has no address.
struct NamesPage {
  let names: [Int64: String]
  let back: String
  let voice: PageVoice

  func html() -> Markup {
    let lines = Markup.fitting(names.sorted { $0.key < $1.key }, bytes: 100_000, limit: 200) { file in
      """
      <li><a href="\(PageAddress.file(file.key))">\(voice.say("Fil", "File")) \(file.key)</a> <span class="name">\(file.value)</span></li>

      """
    }
    return PageFrame(voice: voice, title: voice.say("Fulde navne", "Full names")).page(
      in: nil,
      """
      <p>\(voice.say("At du har set dem, er skrevet ned.", "That you have seen them is recorded."))</p>
      <ul class="life">\(lines)</ul>
      <p><a href="\(back)">\(voice.say("Tilbage", "Back"))</a></p>
      """)
  }
}
