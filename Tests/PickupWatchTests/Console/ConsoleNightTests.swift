import FilsluseBase
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// The console in a real browser, Debian's Chromium without a window: an operator's night by keyboard alone, and the
/// pages on every screen. Skipped where there is no browser.
@Suite(
  "Console in a browser", .serialized,
  .enabled(if: Chromium.isThere, "no chromium here: apt-get install chromium"), .timeLimit(.minutes(25)))
struct ConsoleNightTests {
  private static func browse(
    _ field: ConsoleField, _ body: (Chromium, String) async throws -> Void
  ) async throws {
    try await ExampleServer.over(field) { example async throws in
      try await withScratchFolder("browser") { folder in
        try await Chromium.with(folder) { browser in try await body(browser, "http://localhost:\(example.port)") }
      }
    }
  }

  @Test("31 inboxes are late: grouped, acknowledged together, one silenced, one file followed, one municipality found")
  func night() async throws {
    try await ConsoleField.with(files: 500) { field in
      try await Self.browse(field) { browser, site in
        try await browser.look(width: 1920, height: 1080)
        try await browser.open("\(site)/")
        // The 31 late inboxes are one line, which leads to all of them, ticked.
        try await browser.tab(to: "31 inboxes")
        try await browser.follow()
        #expect(try await browser.text.contains("31 inboxes"))
        try await browser.tab(to: "Your name")
        try await browser.type("natholdet")
        try await browser.tab(to: "Comment")
        try await browser.type("leverandøren er ringet op")
        try await browser.tab(to: "Acknowledge the ticked ones")
        try await browser.follow()
        #expect(try await browser.text.contains("31 alerts acknowledged."))
        #expect(try await field.queries.alerts(AlertFilter(state: .acknowledged), PageNumber()).total == 31)

        // The name is remembered. One inbox is silenced until eight o'clock, which the form proposes.
        try await browser.tab(to: "To the overview")
        try await browser.follow()
        try await browser.tab(to: field.accounts[3])
        try await browser.follow()
        try await browser.tab(to: "Silence the whole inbox")
        try await browser.press(.enter)
        try await browser.tab(to: "Your name")
        #expect(try await browser.value(of: "document.activeElement.value") == "natholdet")
        try await browser.tab(to: "Reason")
        try await browser.type("server flyttes")
        try await browser.tab(to: "Silence the whole inbox")
        try await browser.follow()
        #expect(try await browser.text.contains("The silence holds"))
        let silence = try #require(try await field.queries.silences(PageNumber()).items.first).silence
        #expect(silence.matcher.account == field.accounts[3] && silence.by == "natholdet")
        #expect(silence.until == Timestamp("2026-11-24T07:00:00.000Z"))

        // A file that was picked up is followed from sight to removal: by a search, whose text is in no address.
        try await browser.tab(to: "Search for a file name")
        try await browser.type("_\(field.municipalities[40].code)_a")
        try await browser.follow()
        #expect(try await browser.path == "/search")
        try await browser.tab(to: "Udbetaling_\(field.municipalities[40].code)_a")
        try await browser.follow()
        let history = try await browser.text
        for words in ["data seen for the first time", "last seen", "gone", "picked up"] {
          #expect(history.contains(words), "\(words)")
        }

        // The municipality whose file is missing comes first in the matrix; its cell leads to that day.
        let missing = try #require(field.municipalities.last)
        try await browser.tab(to: "Overview")
        try await browser.follow()
        try await browser.tab(to: "Skip to the municipalities")
        try await browser.press(.enter)
        let presses = try await browser.tab(to: missing.title)
        #expect(presses == 1)
        try await browser.tab(to: "missing")
        try await browser.follow()
        #expect(try await browser.path == "/municipality/\(missing.code)/2026-11-23")
        #expect(try await browser.text.contains("None came."))

        // The inboxes are sorted by their oldest file, by the heading of that column and again the other way round.
        try await browser.tab(to: "Overview")
        try await browser.follow()
        for (value, direction) in [("-oldest", "descending"), ("oldest", "ascending")] {
          try await browser.tab(to: "Oldest of limit")
          let isWhole = try await browser.value(of: Self.showsWholeRing)
          #expect(isWhole == "true")
          try await browser.follow()
          #expect(try await browser.path == "/?sort=\(value)")
          let shown = try await browser.value(
            of: "document.querySelector('th[aria-sort]').getAttribute('aria-sort')")
          #expect(shown == direction)
        }
        #expect(browser.complaints() == [])
      }
    }
  }

  /// An expression: true if the ring around the focused link is within its cell, which hides what is outside.
  private static let showsWholeRing = """
    (() => { const link = document.activeElement, style = getComputedStyle(link); \
    const ring = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset) - 0.5; \
    const [box, cell] = [link, link.parentElement].map(element => element.getBoundingClientRect()); \
    return style.outlineStyle === 'solid' && box.top - ring >= cell.top && box.bottom + ring <= cell.bottom; })()
    """

  @Test(
    "the first screen and the wall need no scrolling with 98 inboxes on 1920 × 1080, and no page is wider than a phone")
  func screens() async throws {
    try await ConsoleField.with(files: 300) { field in
      try await Self.browse(field) { browser, site in
        for language in ["en", "da"] {
          for path in ["/", "/?sort=-files#inboxes", "/wall"] {
            try await browser.look(width: 1920, height: 1080, language: language)
            try await browser.open(site + path)
            let height = try await browser.value(of: "document.documentElement.scrollHeight")
            #expect((Int(height) ?? .max) <= 1080, "\(path) \(language): \(height)")
            let width = try await browser.value(of: "document.documentElement.scrollWidth")
            #expect((Int(width) ?? .max) <= 1920, "\(path) \(language): \(width)")
          }
          for path in Self.paths(field) where path != "/wall" {
            try await browser.look(width: 375, height: 812, language: language)
            try await browser.open(site + path)
            let width = try await browser.value(of: "document.documentElement.scrollWidth")
            #expect((Int(width) ?? .max) <= 375, "\(path) \(language): \(width)")
          }
        }
        // Paper has nothing to press or to fill in, and no way back to another order.
        try await browser.look(width: 1240, height: 1754, isPrint: true)
        for path in ["/", "/?sort=files", "/alerts"] {
          try await browser.open(site + path)
          let controls = try await browser.value(
            of: """
              [...document.querySelectorAll('form, input, button, h2 a')].filter(e => e.getClientRects().length).length
              """)
          #expect(controls == "0", "\(path)")
        }
        // Letters on the wall are read from four metres away: a thirtieth of the screen's height at least.
        try await browser.look(width: 1920, height: 1080)
        try await browser.open("\(site)/wall")
        let smallest = try await browser.value(
          of: """
            Math.min(...[...document.querySelectorAll('h1, li, p:not(.tiles)')].map(e => \
            parseFloat(getComputedStyle(e).fontSize)))
            """)
        #expect((Double(smallest) ?? 0) >= 1080 / 34, "\(smallest)")
        #expect(browser.complaints() == [])
      }
    }
  }

  @Test("every kind of alert at once stands on the first screen, and what waits, all inboxes and the matrix beside it")
  func everyKind() async throws {
    try await ConsoleField.with(inboxes: 1, files: 2, late: 0, missing: 0) { field in
      try await Self.browse(field) { browser, site in
        for language in PageLanguage.allCases {
          try await browser.look(width: 1920, height: 1080, language: language.rawValue)
          try await browser.open("\(site)/")
          let page = OverviewPage(content: ExampleConsole.everyKind, context: ExampleConsole.context(language))
          try await browser.show(page.html().html)
          // By name: the height, and the place of the lower edge on the screen.
          let boxes = try await browser.value(
            of: """
              [...document.querySelectorAll('.top, .summary, .first, .first>*, .board>section')].map(e => {\
              const box = e.getBoundingClientRect(); return (e.getAttribute('aria-labelledby') || e.className) + ' ' + \
              Math.ceil(box.height) + ' to ' + Math.ceil(box.bottom)}).join(', ')
              """)
          let height = try await browser.value(of: "document.documentElement.scrollHeight")
          #expect((Int(height) ?? .max) <= 1080, "\(language): \(height): \(boxes)")
          // These stand on the screen to their ends; only notices below them are scrolled to in their column.
          let lowest = try await browser.value(
            of: """
              Math.ceil(Math.max(...['wrong', 'waiting', 'inboxes', 'matrix'].map(name => \
              document.querySelector('section[aria-labelledby=' + name + ']').getBoundingClientRect().bottom)))
              """)
          #expect((Int(lowest) ?? .max) <= 1080, "\(language): \(lowest): \(boxes)")
          let hidden = try await browser.value(
            of: """
              document.querySelector('section[aria-labelledby=waiting]').getBoundingClientRect().bottom > \
              document.querySelector('.first').getBoundingClientRect().bottom
              """)
          #expect(hidden == "false", "\(language): \(boxes)")
          // The wall has room for all that it names.
          var content = ExampleConsole.overview()
          content.groups = ExampleConsole.everyKind.groups
          let voice = ExampleConsole.context(language).voice
          try await browser.show(WallPage(content: content, voice: voice).html().html)
          let cut = try await browser.value(
            of: "document.querySelector('ol').scrollHeight > document.querySelector('ol').clientHeight")
          #expect(cut == "false", "\(language)")
          #expect(browser.complaints() == [])
        }
      }
    }
  }

  /// With FILSLUSE_SCREENSHOTS set to a folder, the pictures of the documentation are left there.
  @Test(
    "pictures with 5 and with 98 inboxes: light, dark, phone, wall, print and journal, in Danish and in English")
  func pictures() async throws {
    for (inboxes, late) in [(5, 0), (5, 3), (98, 0), (98, 31)] {
      let missing = late == 0 ? 0 : 1
      try await ConsoleField.with(inboxes: inboxes, files: inboxes * 3, late: late, missing: missing) { field in
        try await withScratchFolder("pictures") { scratch in
          let folder = getenv("FILSLUSE_SCREENSHOTS").map { FilePath(String(cString: $0)) } ?? scratch
          let night = "\(inboxes)-\(late == 0 ? "quiet" : "bad")"
          try await Self.browse(field) { browser, site in
            for language in PageLanguage.allCases {
              try await Self.take(browser, site, to: folder, "\(night)-\(language.rawValue)", language)
            }
          }
          guard inboxes == 98, late > 0 else { return }
          try await field.withJournal { field in
            try await Self.browse(field) { browser, site in
              for language in PageLanguage.allCases {
                let name = "\(night)-\(language.rawValue)"
                try await Self.takeJournal(browser, site, of: field.firstName, to: folder, name, language)
              }
            }
          }
        }
      }
    }
  }

  private static func take(
    _ browser: Chromium, _ site: String, to folder: FilePath, _ name: String, _ language: PageLanguage
  ) async throws {
    let looks: [(name: String, path: String, width: Int, height: Int, isDark: Bool, isPrint: Bool)] = [
      ("light", "/", 1920, 1080, false, false), ("dark", "/", 1920, 1080, true, false),
      ("phone", "/", 375, 812, false, false), ("wall", "/wall", 1920, 1080, false, false),
      ("print", "/", 1240, 1754, false, true), ("alerts", "/alerts", 1280, 900, false, false),
    ]
    for look in looks {
      try await browser.look(
        width: look.width, height: look.height, language: language.rawValue, isDark: look.isDark,
        isPrint: look.isPrint)
      try await browser.open(site + look.path)
      try await picture(browser, to: folder, "\(name)-\(look.name)")
    }
  }

  /// Takes pictures of what a search finds of one file in the journal, and of the trail of its arrival.
  private static func takeJournal(
    _ browser: Chromium, _ site: String, of file: String, to folder: FilePath, _ name: String, _ language: PageLanguage
  ) async throws {
    try await browser.look(width: 1280, height: 900, language: language.rawValue)
    try await browser.open("\(site)/search")
    try await browser.tab(to: language == .danish ? "Søg efter filnavn" : "Search for a file name")
    try await browser.type(file)
    try await browser.follow()
    let panel = try await browser.value(of: "document.querySelector('section[aria-labelledby=journal]').innerText")
    #expect(panel.contains("D1 \(file)") && panel.contains("A1 \(file)"), "\(panel)")
    #expect(try await browser.path == "/search")
    try await picture(browser, to: folder, "\(name)-journal")
    // The file's page leads to its arrival, and that has its whole trail.
    try await browser.tab(to: file)
    try await browser.follow()
    try await browser.tab(to: "A1")
    try await browser.follow()
    #expect(try await browser.path == "/journal/A1")
    let trail = try await browser.value(of: "document.querySelectorAll('.life li').length")
    #expect(trail == "5")
    try await picture(browser, to: folder, "\(name)-trail")
  }

  private static func picture(_ browser: Chromium, to folder: FilePath, _ name: String) async throws {
    let file = folder.appending("console-\(name).png")
    try await browser.picture(to: file)
    var state = stat()
    #expect(stat(file.string, &state) == 0 && state.st_size > 5_000)
    #expect(browser.complaints() == [])
  }

  /// A page of each sort.
  static func paths(_ field: ConsoleField) -> [String] {
    let alert = field.status.alerts.first { $0.finding.kind == .pickUpLate }?.id ?? 1
    let (account, row) = (field.accounts[0], field.municipalities[0].code)
    return [
      "/", "/?sort=-oldest", "/wall", "/alerts", PageAddress.alert(alert), PageAddress.inbox(account),
      PageAddress.file(1),
      PageAddress.municipality(row), PageAddress.municipality(row, day: "2026-11-23"), "/matrix", "/matrix?days=30",
      "/trends", "/trends?days=90", "/silences", "/search",
    ]
  }
}
