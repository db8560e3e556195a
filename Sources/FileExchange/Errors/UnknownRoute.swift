internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The answer to a route's name that the settings do not have: where none stands, which may be meant, and how to add
/// one.
struct UnknownRoute: Sendable {
  /// The failure: `there is no route named 0461 in filsluse.yaml or routes.csv`.
  let message: LocalizedText
  /// The question whether another route was meant; `nil` where none may be.
  let question: LocalizedText?
  /// The routes to use, or how to add one.
  private let remedy: (en: Remedy, da: Remedy)

  init(_ name: String, in settings: ExchangeSettings) {
    let (files, meant) = (settings.routeFiles, settings.routesMeant(by: name))
    message = LocalizedText(
      "there is no route named \(name) in \(files.en)", "der er ingen rute \(name) i \(files.da)")
    question = meant.question
    // Where more may be meant than a question names, they are the ones to choose among.
    let names = meant.names.count > 3 ? meant.names : settings.routes.map(\.name)
    let list = names.prefix(8).joined(separator: ", ")
    let rest =
      names.count > 8 ? LocalizedText(", … (\(names.count) in all)", ", … (\(names.count) i alt)") : LocalizedText("")
    let add = Self.howToAdd(to: settings)
    if names.isEmpty {
      remedy = add
    } else {
      remedy = (
        en: "use one of: \(list)\(rest.en); or \(add.en)", da: "brug en af: \(list)\(rest.da); eller \(add.da)"
      )
    }
  }

  /// Says how a route is added: to the list, or under `routes:` where the settings name none.
  static func howToAdd(to settings: ExchangeSettings) -> (en: Remedy, da: Remedy) {
    if settings.routesFile == nil { return (en: "add it under routes:", da: "sæt den ind under routes:") }
    return (en: "add it: \(.addRoute)", da: "tilføj den: \(.addRoute)")
  }

  /// Everything as one clause after the message.
  var clause: LocalizedText {
    let end = LocalizedText("; ") + (question.map { $0 + LocalizedText(" ") } ?? LocalizedText(""))
    return message + end + LocalizedText(remedy.en.description, remedy.da.inDanish)
  }

  /// The failure of an operation that needs the route.
  func error(operation: String, path: String?) -> ExchangeError {
    let asked: Remedy = question.map { Remedy("\($0.en) ") } ?? ""
    let danish = [
      Remedy(message.da).asSentence, question.map { Remedy($0.da.prefix(1).uppercased() + $0.da.dropFirst()) },
      remedy.da.asSentence,
    ]
    return ExchangeError(
      .unknownRoute, operation: operation, path: path, message: message.en, remedy: "\(asked)\(remedy.en)" as Remedy
    ).inDanish(danish.compactMap { $0?.inDanish }.joined(separator: " "))
  }
}
