public import TriggerFiles

/// The reason why a problem that people were alerted to has ended.
public enum ProblemEnding: Sendable, Hashable, CustomStringConvertible {
  /// A person closed it.
  case closed(_ subject: String, reason: String)
  /// Its delivery or arrival is no longer in the journal.
  case forgotten(_ number: String)
  /// A later delivery of the same name took its place.
  case sentAgain(_ number: String, name: String)
  /// Its delivery or arrival has another state.
  case changed(_ number: String, name: String, state: SubjectState)
  /// The process that observed its end described it.
  case observed(LocalizedText)
  /// The problem is not found any more; the text is the problem's own, in English.
  case unexplained(String)

  /// The reason in English.
  public var description: String {
    switch self {
    case .closed(let subject, let reason): "\(subject) was closed: \(reason)"
    case .forgotten(let number): "\(number) is no longer in the journal"
    case .sentAgain(let number, let name): "\(number) \(name) was sent again"
    case .changed(let number, let name, let state): "\(number) \(name) is \(state.name)"
    case .observed(let text): text.en
    case .unexplained(let text): "over: \(text)"
    }
  }

  /// The reason in Danish.
  public var danish: String {
    switch self {
    case .closed(let subject, let reason): "\(subject) er lukket med begrundelsen „\(reason)“."
    case .forgotten(let number): "\(number) er ikke længere i journalen."
    case .sentAgain(let number, let name): "\(number) \(name) er sendt igen."
    case .changed(let number, let name, let state):
      "\(number) \(name) \(state.danish)."
    case .observed(let text): text.da
    case .unexplained: "Journalen viser det ikke længere."
    }
  }
}

extension SubjectState {
  fileprivate var danish: String {
    switch self {
    case .delivery(let state): state.danish
    case .arrival(let state): state.danish
    }
  }
}

extension DeliveryState {
  /// The state in Danish, behind the name of the file.
  fileprivate var danish: String {
    switch self {
    case .staged: "er lagt klar til afsendelse"
    case .uploading: "er ved at blive sendt"
    case .uploaded, .armed, .triggering: "er lagt i OUT uden trigger endnu"
    case .triggered: "er lagt i OUT med sin trigger"
    case .taken: "er taget af platformen"
    case .accepted: "er modtaget af platformen"
    case .refused: "er afvist af platformen"
    case .overdue: "venter stadig på sin kvittering"
    case .cancelled: "er annulleret"
    case .givenUp: "er opgivet"
    }
  }
}

extension ArrivalState {
  /// The state in Danish, behind the name of the file.
  fileprivate var danish: String {
    switch self {
    case .seen: "er set i IN"
    case .fetching: "er ved at blive hentet"
    case .fetched: "er hentet"
    case .verified: "er hentet og kontrolleret"
    case .handingOver: "er ved at blive overdraget"
    case .handedOver: "er overdraget"
    case .removed: "er overdraget og fjernet fra IN"
    case .quarantined: "bliver liggende i IN"
    case .setAside: "er lagt til side"
    case .vanished: "er væk fra IN"
    }
  }
}
