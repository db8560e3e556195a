import FilsluseBase
import Logging
import Testing
import TriggerFiles

@testable import FileExchange

/// The Danish words for what the journal and the log hold in English.
@Suite("States, steps and log lines in Danish") struct DanishWordsTests {
  @Test("every state has a Danish word of its own, which is read as the state, as its code is")
  func states() {
    let states = SubjectState.names.compactMap(SubjectState.init(name:))
    #expect(Set(states.map(\.title.da)).count == states.count)
    for state in states {
      #expect(state.title.en == state.name && state.title.da != state.name)
      #expect(SubjectState(said: state.title.da) == state && SubjectState(said: state.name) == state)
    }
    #expect(SubjectState(said: "sendt af sted") == nil)
  }

  @Test("a step about a receipt is shown in Danish, and a detail without a known Danish sentence as it was written")
  func steps() throws {
    let receipt = JournalledReceipt(delivery: 1, wireName: try WireName("a.csv"), bytes: [])
    func entry(_ event: JournalledReceipt.Event) -> JournalEntry {
      JournalEntry(
        number: 1, at: Timestamp(secondsSince1970: 0), subject: .delivery(1), state: event.state, detail: event.detail)
    }
    let removing = entry(receipt.removing(modified: 0))
    #expect(removing.title.da == "kvittering fjernes")
    #expect(removing.detailText?.da == "dens kvittering fra \(Timestamp(secondsSince1970: 0)) fjernes fra IN")
    #expect(removing.detailText?.en == removing.detail)
    #expect(entry(receipt.removing(modified: nil)).detailText?.da == "dens kvittering fjernes fra IN")
    let other = entry(receipt.differs(from: [1])).detailText
    #expect(other?.da.hasPrefix("der ligger en anden kvittering i IN end den, journalen har") == true)
    #expect(other?.da.hasSuffix("(SHA-256 \(SHA256.digest(of: [1])))") == true)
    let accepted = entry(.init(delivery: 1, state: "accepted", detail: "SUCCESS"))
    #expect(accepted.detailText?.da == "SUCCESS" && accepted.title.da == "godkendt")
    #expect(accepted.state.reached == .delivery(.accepted) && removing.state.reached == nil)
  }

  @Test("a logger with a language words its lines in it, and one without is English")
  func lines() {
    let log = RecordedLog()
    var logger = Logger(label: "test") { _ in log }
    let text = LocalizedText("the file waits", "filen venter")
    logger.say(.warning, text)
    logger.language = .danish
    logger.say(.warning, text)
    let error = ExchangeError(.fileMissing, operation: "send", path: "a.csv", message: "m", remedy: "r")
    logger.about(error, of: "flis").say(.error, error.of("flis"))
    #expect(log.messages == ["the file waits", "filen venter", "flis: Filen (a.csv) findes ikke."])
  }
}
