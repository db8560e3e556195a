internal import FileExchange
internal import FilsluseBase

/// The words of one language that alerts are made of.
protocol AlertTexts: Sendable {
  /// The words for what a sort of finding is, and for what to do about it.
  var kinds: [Finding.Kind: KindText] { get }
  /// Other words for a sort while it is only warned of, where those would say that it is too late already.
  var warnings: [Finding.Kind: KindText] { get }
  /// For sorts that this version has no words of its own for.
  var unknownKind: KindText { get }

  var labels: AlertLabels { get }
  /// The text that each reason adds to the headline.
  var reasons: [AlertNotification.Reason: String] { get }
  /// By whose clock a file's age is known.
  var ages: [Finding.AgeBasis: String] { get }
  var critical: String { get }
  var warning: String { get }
  /// Whom to ask about it.
  ///
  /// - Parameter authority: the CVR number of the authority that a file is for, where that is known.
  func advice(_ contact: Contact, authority: String?) -> String?
  /// The headline of a fold.
  func storm(_ count: Int, critical: Int) -> String
  /// The headline of a fold of open problems.
  func problems(_ count: Int, critical: Int) -> String
  /// The words for an open problem of the journal.
  func words(for problem: OpenProblem.Kind) -> KindText
  /// The words for a fold of open problems.
  var manyProblems: KindText { get }
  /// A remedy's sentence with its steps in this language.
  func text(_ remedy: Remedy) -> String
  /// `line 12 of the settings`.
  func settingsLine(_ line: Int) -> String
  func more(_ count: Int) -> String
  /// The words for a sortiment from another sender than the classification system (contract section 4).
  var foreignSortiment: KindText { get }
  /// The former text of the alert, once it is resolved.
  func formerly(_ meaning: String) -> String
  /// The text for a resolution of unknown reason.
  var unexplained: String { get }
  /// The word for bytes behind a number.
  var bytes: String { get }
}

/// The meaning of a kind of finding, and its remedy.
struct KindText: Sendable, Hashable {
  /// In a few words, as a headline begins.
  let title: String
  /// In a sentence or two.
  let meaning: String
  /// The remedy.
  let remedy: Remedy
  /// Whom to ask when that does not help.
  var contact: Contact = .routes
}

/// Whom to ask (contract section 5).
enum Contact: Sendable, Hashable {
  /// InfRef and declaration.
  case infRef
  /// Routes and monitoring.
  case routes
  /// The sender of the file, and the platform if that does not help.
  case sender
  /// The recipient of the file, and the platform if that does not help.
  case recipient
  /// One's own operations, and no outside party.
  case own
}

/// The labels before the facts.
struct AlertLabels: Sendable {
  let account, file, infRef, orderForm, sender, authority, size, since, due, rule, detail: String
  let firing, resolved, expired, ending, remedy, ask, oldest, kinds, acknowledge: String
}
