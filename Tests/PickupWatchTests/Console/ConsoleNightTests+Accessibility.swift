import PlatformFixture
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Every page in every state, looked over by axe.
extension ConsoleNightTests {
  @Test(
    "axe finds nothing to object to on any page and answer in either language, light, dark and narrow, nor on a quiet night",
    .enabled(if: Axe.isThere, "no axe-core here: Scripts/prepare --test fetches it where there is npm"))
  func accessibility() async throws {
    // One browser for all, which has the checker on each page.
    try await withScratchFolder("browser") { folder in
      try await Chromium.with(folder) { browser in
        try await Axe.prepare(browser)
        try await ConsoleField.with(inboxes: 12, files: 40, late: 5) { field in
          try await field.withJournal { field in
            try await ExampleServer.over(field) { example async throws in
              let paths = Self.paths(field) + Self.otherPaths(field)
              try await Self.expectNoViolations(on: paths, of: example, in: browser, looks: Self.looks)
              try await Self.expectNoViolationsInStates(in: browser)
            }
          }
        }
        try await ConsoleField.with(inboxes: 5, files: 15, late: 0, missing: 0) { field in
          try await ExampleServer.over(field) { example async throws in
            try await Self.expectNoViolations(
              on: ["/", "/wall", "/alerts", "/silences"], of: example, in: browser,
              looks: PageLanguage.allCases.map { (language: $0, width: 1920, isDark: false) })
          }
        }
      }
    }
  }

  private typealias Look = (language: PageLanguage, width: Int, isDark: Bool)

  /// Danish pages have the style sheet of the English ones: they are looked at once in the dark and once on a phone.
  private static let looks: [Look] = [
    (.english, 1920, false), (.english, 1920, true), (.english, 375, false), (.danish, 1920, true),
    (.danish, 375, false),
  ]

  private static func expectNoViolations(
    on paths: [String], of example: ExampleServer, in browser: Chromium, looks: [Look]
  ) async throws {
    for look in looks {
      let language = look.language.rawValue
      for path in paths {
        try await browser.look(width: look.width, height: 1080, language: language, isDark: look.isDark)
        try await browser.open("http://localhost:\(example.port)\(path)")
        let violations = try await Axe.violations(in: browser)
        #expect(violations == "", "\(path) \(look): \(violations)")
        #expect(try await browser.value(of: "document.documentElement.lang") == language, "\(path)")
      }
    }
  }

  /// Answers to forms, and pages in a state that no address of the nights shows; the browser is on a page of the server.
  private static func expectNoViolationsInStates(in browser: Chromium) async throws {
    for language in PageLanguage.allCases {
      // Danish lists have the lines of the English ones: fewer of them say the same.
      let inboxes = language == .english ? 98 : 12
      let pages =
        try ExamplePage.all(language).filter { states.contains($0.name) }
        + ExamplePage.states(language, inboxes: inboxes)
      for (width, isDark) in [(1920, true), (375, false)] {
        try await browser.look(width: width, height: 1080, isDark: isDark)
        for page in pages {
          try await browser.show(page.html)
          let violations = try await Axe.violations(in: browser)
          #expect(violations == "", "\(page.name) \(language) \(width): \(violations)")
        }
      }
    }
    // The checker is at work: it objects to a page that is wrong.
    try await browser.show("<html><body><p>filsluse</p></body></html>")
    #expect(try await Axe.violations(in: browser).contains("html-has-lang"))
  }

  /// The pages among the examples that have no address, or whose state no address of the night shows.
  private static let states: Set<String> = [
    "acknowledged alert", "alerts", "done", "journal", "login", "login in a pause", "message", "names", "no results",
    "results", "silences", "unrecorded",
  ]

  /// Pages of a sort that ``paths(_:)`` has, in another state, and those that say what is wrong with an address.
  private static func otherPaths(_ field: ConsoleField) -> [String] {
    [
      "/journal/A1", "/journal/D1", "/trends?account=\(field.accounts[9])", "/alerts?state=resolved",
      "/matrix?account=\(field.accounts[9])", "/login", "/nowhere", "/alerts?page=7", "/?sort=age",
    ]
  }
}
