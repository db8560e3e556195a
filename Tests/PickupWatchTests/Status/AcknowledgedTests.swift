import FilsluseBase
import FilsluseHTTP
import Testing
import TriggerFiles

@testable import PickupWatch

/// Acknowledged alerts, alerts that have expired, and late files on the page.
@Suite("Acknowledged, expired and late on the page") struct AcknowledgedTests {
  private static let danish = PageVoice(.danish, now: ExampleStatus.now, timeZone: "Europe/Copenhagen")
  private static let english = PageVoice(.english, now: ExampleStatus.now, timeZone: "Europe/Copenhagen")

  private static func summary(_ alerts: [(Alert.State, Finding.Severity)]) throws -> PageSummary {
    var status = ExampleStatus.quietNight()
    let example = try #require(ExampleStatus.night().alerts.first)
    status.alerts = alerts.map { state, severity in
      var alert = example
      (alert.state, alert.finding.severity) = (state, severity)
      return alert
    }
    return PageSummary(status)
  }

  @Test("criticals that are acknowledged count in the headline, as acknowledged")
  func headline() throws {
    let both = try Self.summary([
      (.firing, .critical), (.acknowledged, .critical), (.acknowledged, .critical), (.firing, .warning),
      (.acknowledged, .warning), (.resolved, .critical),
    ])
    #expect(both.headline(Self.danish) == "1 kritisk, 2 kritiske kvitteret, 1 advarsel")
    #expect(both.headline(Self.english) == "1 critical, 2 critical acknowledged, 1 warning")
    let known = try Self.summary([(.acknowledged, .critical)])
    #expect(known.headline(Self.danish) == "1 kritisk kvitteret" && known.severity == .warning)
    let warned = try Self.summary([(.acknowledged, .warning)])
    #expect(warned.headline(Self.danish) == "Intet nyt: 1 kvitteret" && warned.severity == .calm)
  }

  @Test("a file that came on another day than it was expected is shown with that day")
  func day() {
    let by = ExampleStatus.now.earlier(by: .seconds(86_400))
    let series = ExpectedSeries(
      account: "a", infRef: "X_1", rule: LocalizedText(da: "hver dag", en: "daily"),
      days: [ExpectedDay(day: "2026-11-20", state: .late, by: by, came: ExampleStatus.now)])
    let html = ExpectedSection(series: [series], voice: Self.danish).html()?.html ?? ""
    let text = html.replacing(/<[^>]*>/, with: "").replacing("\u{A0}", with: " ")
    #expect(text.contains("ventet inden 20. nov. kl. 03.14, kom 21. nov. kl. 03.14"), "\(text)")
  }

  @Test("an alert that has expired is not shown as repaired, and says why it is over")
  func expired() throws {
    let finding = Given.finding("a", kind: .expectedMissing)
    var alert = Alert(id: 1, finding: finding, firstSeen: Given.minute(0))
    alert.see(finding, at: Given.minute(0), fireAfter: .zero)
    alert.resolve(
      at: Given.minute(5),
      FindingEnding(isMended: false, why: LocalizedText(da: "Filen kom ikke.", en: "the file never came")))
    let html = AlertItem(alert: alert, voice: Self.danish, key: "k").html().html
    #expect(
      html.contains("class=\"critical\"") && html.contains("Afsluttet, ikke løst") && html.contains("Filen kom ikke."))
    alert.ending?.isMended = true
    let mended = AlertItem(alert: alert, voice: Self.danish, key: "k").html().html
    #expect(mended.contains("class=\"calm\"") && mended.contains("Overstået"))
  }
}
