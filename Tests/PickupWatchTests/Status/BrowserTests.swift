import FilsluseBase
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// The page in a real browser: Debian's Chromium, without a window. Skipped where there is none.
@Suite(
  .serialized, .enabled(if: Browser.isThere, "no chromium here: apt-get install chromium"), .timeLimit(.minutes(25)))
struct BrowserTests {
  @Test("A browser shows the page and finds nothing against its own policy", arguments: ["/", "/wall", "/login"])
  func page(path: String) async throws {
    try await ExampleServer.with { example in
      try await withScratchFolder { folder in
        let browser = Browser(profile: folder)
        let seen = try await browser.run(["--dump-dom", "http://localhost:\(example.port)\(path)"])
        #expect(seen.output.contains("</main>"))
        #expect(!seen.errors.contains(":CONSOLE:"), "\(seen.errors)")
      }
    }
  }

  /// With FILSLUSE_SCREENSHOTS set to a folder, the pictures of the documentation are left there.
  @Test(
    "Pictures in the light, in the dark and narrow",
    arguments: [
      ("status-light", 1100, 1500, "en", false), ("status-dark", 1100, 1500, "en", true),
      ("status-narrow", 375, 1500, "da", false),
    ])
  func snapshot(name: String, width: Int, height: Int, language: String, isDark: Bool) async throws {
    try await ExampleServer.with { example in
      try await withScratchFolder { folder in
        let target = getenv("FILSLUSE_SCREENSHOTS").map { FilePath(String(cString: $0)) } ?? folder
        let file = target.appending("\(name).png")
        let options = ["--window-size=\(width),\(height)", "--accept-lang=\(language)", "--screenshot=\(file)"]
        let seen = try await Browser(profile: folder).run(
          options + (isDark ? ["--force-dark-mode"] : []) + ["http://localhost:\(example.port)/"])
        #expect(!seen.errors.contains(":CONSOLE:"), "\(seen.errors)")
        var state = stat()
        #expect(stat(file.string, &state) == 0 && state.st_size > 20_000)
      }
    }
  }
}

/// Chromium, run once for one page.
struct Browser {
  let profile: FilePath

  static let isThere = access("/usr/bin/chromium", X_OK) == 0

  /// Runs it; what it complains of is in `errors`.
  func run(_ arguments: [String]) async throws -> (output: String, errors: String) {
    var all = [
      "timeout", "60", "/usr/bin/chromium", "--headless", "--disable-gpu", "--hide-scrollbars",
      "--enable-logging=stderr",
    ]
    all += ["--no-first-run", "--user-data-dir=\(profile.appending("profile"))"]
    // Chromium's own sandbox is not for root.
    if geteuid() == 0 { all.append("--no-sandbox") }
    let report = await Program(
      arguments: all + arguments, timeout: .seconds(90), keptOutput: 4_000_000, keptComplaints: 1_000_000
    ).run()
    #expect(report.isSuccess, "\(report.summary)\n\(report.complaints.text)")
    return (report.output.text, report.complaints.text)
  }
}
