import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// The needs of screen readers and keyboards, on every page.
@Suite("Structure of the console's pages") struct ConsoleStructureTests {
  @Test("headings go down one step at a time, and each page has one first heading", arguments: PageLanguage.allCases)
  func headings(language: PageLanguage) throws {
    for page in try ExamplePage.all(language) {
      let levels = page.html.matches(of: #/<h([1-6])[ >]/#).compactMap { Int($0.output.1) }
      #expect(levels.first == 1 && levels.count { $0 == 1 } == 1, "\(page)")
      #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(page)")
    }
  }

  @Test("every page has one main part, which its first link leads to where it has a navigation")
  func landmarks() throws {
    for page in try ExamplePage.all() {
      #expect(page.html.matches(of: #/<main id="main"/#).count == 1, "\(page)")
      guard page.html.contains("<header") else { continue }
      let first = try #require(page.html.firstMatch(of: #/<a [^>]*>/#), "\(page)")
      #expect(first.output.contains("href=\"#main\""), "\(page)")
      let unnamed = page.html.matches(of: #/<(nav|section)[^>]*>/#).filter { !$0.output.0.contains("aria-label") }
      #expect(unnamed.isEmpty, "\(page)")
    }
  }

  @Test("every table has a caption and scopes, every field a label, every picture a name")
  func names() throws {
    for page in try ExamplePage.all() {
      let html = page.html
      #expect(html.matches(of: #/<table/#).count == html.matches(of: #/<caption/#).count, "\(page)")
      #expect(html.matches(of: #/<th[ >][^>]*>/#).allSatisfy { $0.output.contains("scope=") }, "\(page)")
      #expect(html.matches(of: #/<svg[^>]*>/#).allSatisfy { $0.output.contains("aria-") }, "\(page)")
      let labels = Set(html.matches(of: #/<label [^>]*for="([^"]*)"/#).map { String($0.output.1) })
      let wrapped = html.replacing(#/<label>.*?<\/label>/#, with: "")
      for field in wrapped.matches(of: #/<(input|select)[^>]*>/#).map({ String($0.output.0) })
      where !field.contains("type=\"hidden\"") && !field.contains(" hidden") {
        let id = field.firstMatch(of: #/ id="([^"]*)"/#).map { String($0.output.1) }
        #expect(field.contains("aria-label=") || id.map(labels.contains) == true, "\(page): \(field)")
      }
    }
  }

  @Test("no id comes twice on a page, and whatever is named by an id is there")
  func ids() throws {
    for page in try ExamplePage.all() {
      let ids = page.html.matches(of: #/ id="([^"]*)"/#).map { String($0.output.1) }
      #expect(Set(ids).count == ids.count, "\(page): \(ids.sorted())")
      let named = page.html.matches(of: #/ (?:aria-labelledby|aria-describedby|form)="([^"]*)"/#).map {
        String($0.output.1)
      }
      for name in named { #expect(ids.contains(name), "\(page): \(name)") }
      for target in page.html.matches(of: #/href="#([^"]*)"/#).map({ String($0.output.1) }) {
        #expect(ids.contains(target), "\(page): \(target)")
      }
    }
  }

  @Test("a form that changes anything is sent by POST with a ticket, and one that only asks with none")
  func forms() throws {
    for page in try ExamplePage.all() {
      for form in page.html.matches(of: #/<form[^>]*>.*?<\/form>/#.dotMatchesNewlines()).map({ String($0.output) }) {
        let changes = FormAction.allCases.contains { form.contains("action=\"\($0.path)\"") }
        #expect(form.contains("name=\"ticket\"") == changes, "\(page): \(form.prefix(200))")
        if changes { #expect(form.contains("method=\"post\""), "\(page)") }
        // Text that is searched for stands in no address.
        if form.contains("name=\"text\"") { #expect(form.contains("method=\"post\" action=\"/search\""), "\(page)") }
      }
    }
  }
}
