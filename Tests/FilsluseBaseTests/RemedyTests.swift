import FilsluseBase
import Testing

/// Remedies, whose steps are worded for a program as long as no command words them.
@Suite struct RemedyTests {
  @Test("A step stands in the sentence, and one in brackets is left to a command")
  func steps() {
    let (number, name) = ("D7", "a.csv")
    let remedy: Remedy = "\(.retry(number)) finishes \(name), or restore it\(by: .restoreJournal(from: nil))"
    #expect(remedy.description == "retry D7 finishes a.csv, or restore it")
    #expect(remedy.steps == [.retry("D7"), .restoreJournal(from: nil)])
  }

  @Test("A Danish sentence names its steps in Danish, in a library's words and in a command's")
  func danish() {
    let remedy: Remedy = "\(.retry("D7")) gør a.csv færdig\(by: .listJournal)"
    #expect(
      remedy.inDanish == "prøv D7 igen gør a.csv færdig" && Remedy.Step.listAlerts.inDanish == "listen over alarmer")
    let worded = remedy.text(by: { step in step == .listJournal ? ("se listen", "see list") : ("igen", "again") }) {
      $0.da
    }
    #expect(worded == "igen gør a.csv færdig (se listen)")
  }

  @Test("A remedy keeps the steps of another that it quotes")
  func quoted() {
    let inner: Remedy = "look\(by: .showJournal("A7"))"
    let outer: Remedy = "first \(inner); then go on"
    #expect(outer.steps == [.showJournal("A7")] && outer.description == "first look; then go on")
  }

  @Test("masks CPR-like numbers in every part")
  func masked() {
    let name = "010190-1234.csv"
    let remedy: Remedy = "rename \(name), or \(.cancel("0101901234"))"
    #expect(remedy.description == "rename ******-****.csv, or cancel **********")
    #expect(Remedy("010190-1234").description == "******-****")
  }

  @Test("Only a text without anything in it is empty")
  func empty() {
    #expect(Remedy("").isEmpty && !Remedy("wait").isEmpty && !("\(.run)" as Remedy).isEmpty)
  }
}
