internal import FilsluseBase
internal import FilsluseHTTP
internal import PickupWatch
internal import TriggerFiles

/// A form that a person has sent: it is ours, and says who acts and why.
struct SentForm {
  let form: FormFields
  let act: Act
  /// The page that it was sent from.
  let back: String

  static let noAlert = LocalizedText(
    da: "Der er ingen alarm med det nummer.", en: "There is no alert of that number.")

  /// Reads a form for an action.
  ///
  /// - Throws: `PageProblem` for anything but a form of this process for that action.
  init(_ asked: ConsoleRequest, _ action: FormAction, at now: Timestamp) throws {
    guard let form = Self.fields(of: asked.request) else { throw PageProblem.noForm }
    back = PageAddress.back(form["back"])
    guard form["ticket"] != nil, form["key"] != nil else { throw PageProblem.noForm }
    guard let ticket = asked.tickets.ticket(of: form, for: action) else { throw PageProblem.oldForm(back: back) }
    self.form = form
    let why = ConsoleSite.trimmed(form["why"] ?? "")
    act = Act(by: ConsoleSite.trimmed(form["by"] ?? ""), why: why.isEmpty ? nil : why, key: ticket, at: now)
  }

  /// The fields of a request; `nil` where it is no form of ours.
  static func fields(of request: HTTPRequest) -> FormFields? { FormFields(request, repeatable: ["alert"]) }

  /// A field; `nil` where it is missing or empty.
  func text(_ name: String) -> String? {
    guard let text = form[name], !text.isEmpty else { return nil }
    return text
  }

  /// The numbers of the alerts that were ticked.
  ///
  /// - Throws: `PageProblem` for none, and for a number that is none.
  func alerts() throws -> [Int64] {
    let fields = form.all("alert")
    let numbers = fields.compactMap(ConsoleRequest.positive)
    guard numbers.count == fields.count else { throw PageProblem.noForm }
    guard !numbers.isEmpty else {
      throw PageProblem.refused(
        LocalizedText(da: "Der er ikke valgt nogen alarm.", en: "No alert is ticked."), back: back)
    }
    return numbers
  }

  /// The value of an act that was done.
  ///
  /// - Throws: `PageProblem` with the reason of an act that was refused.
  func value<Value: Sendable>(_ answer: ActAnswer<Value>) throws -> Value {
    switch answer {
    case .done(let value): return value
    case .refused(let refusal): throw PageProblem.refused(refusal.text.asSentence, back: back)
    }
  }

  /// The form was sent before: the page names the act that it did, and nothing is changed.
  func repetition(of act: Int64) -> PageProblem {
    PageProblem.conflict(
      LocalizedText(
        da: "Formularen er sendt før og blev udført den første gang (handling \(act)). Intet er gjort to gange.",
        en: "The form was sent before and was done the first time (act \(act)). Nothing was done twice."), back: back)
  }

  /// - Throws: `PageProblem` where nothing was changed, with the reason.
  func expectChange(by result: ActResult) throws {
    if result.isRepetition { throw repetition(of: result.act) }
    guard result.count == 0 else { return }
    let outcomes = result.outcomes.values
    if !outcomes.isEmpty, outcomes.allSatisfy({ $0 == .unknown }) {
      throw PageProblem.notFound(Self.noAlert, path: back)
    }
    throw PageProblem.conflict(Self.reason(outcomes.first { $0 != .unknown }), back: back)
  }

  private static func reason(_ outcome: ActResult.Outcome?) -> LocalizedText {
    switch outcome {
    case .already(by: let name?)?:
      LocalizedText(
        da: "Det er allerede gjort af \(Markup.cut(Masked.name(name), to: 80)).",
        en: "It is done already, by \(Markup.cut(Masked.name(name), to: 80)).")
    case .already(by: nil)?: LocalizedText(da: "Den er ikke kvitteret.", en: "It is not acknowledged.")
    case .over?: LocalizedText(da: "Alarmen er overstået.", en: "The alert is over.")
    case .pending?:
      LocalizedText(da: "Alarmen er på vej og er ikke sendt endnu.", en: "The alert is pending and not sent yet.")
    case .done?, .unknown?, nil:
      LocalizedText(da: "Ingen alarm kunne ændres mere.", en: "No alert could be changed any more.")
    }
  }
}

extension LocalizedText {
  /// The reason of a refusal as a sentence of its own.
  var asSentence: LocalizedText { map { "\($0.prefix(1).uppercased())\($0.dropFirst())." } }
}
