public import TriggerFiles

/// A dependency on another task, as printed in the document and as interpreted.
public struct TaskDependency: Sendable, Hashable, Codable {
  /// The place that a dependency is taken from.
  public enum Origin: String, Sendable, Hashable, Codable {
    /// The column of dependencies.
    case printed
    /// A comment, or the sense of the text.
    case implied
    /// A diagram that has lost its lines: not certain.
    case uncertain
    /// Our own addition.
    case house
  }

  /// The two forms of the dependencies.
  public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
    /// As printed, slips included: an id that does not exist, and twins that need each other.
    case printed
    /// As interpreted: with errors corrected, and dependencies implied by comments added.
    case read
  }

  /// The id as printed or implied; no task may have it.
  public let stated: TaskKey
  /// The task that is meant; the stated one, unless that is a slip.
  public let meant: TaskKey
  /// The source of the dependency.
  public let origin: Origin
  /// The state of the other task that is enough; `nil` where it must be done.
  public let enough: LocalizedText?

  private init(_ stated: TaskKey, meant: TaskKey?, _ origin: Origin, enough: LocalizedText? = nil) {
    self.stated = stated
    self.meant = meant ?? stated
    self.origin = origin
    self.enough = enough
  }

  static func printed(_ key: TaskKey, meant: TaskKey? = nil) -> Self {
    Self(key, meant: meant, .printed)
  }
  static func implied(_ key: TaskKey, enough: LocalizedText? = nil) -> Self {
    Self(key, meant: nil, .implied, enough: enough)
  }
  static func uncertain(_ key: TaskKey) -> Self { Self(key, meant: nil, .uncertain) }
  static func house(_ key: TaskKey) -> Self { Self(key, meant: nil, .house) }

  /// The task in a form of the dependencies; `nil` where that form does not have it.
  public func task(in form: Form) -> TaskKey? {
    switch form {
    case .read: meant
    case .printed: origin == .printed || origin == .uncertain ? stated : nil
    }
  }

  /// The dependency in words: `SF1590_D:FFH202 (printed FF202)`, `SF1590_D:FM04 (implied)`.
  public var title: LocalizedText {
    var remarks: [LocalizedText] = []
    if stated != meant { remarks.append(LocalizedText("printed \(stated)", "trykt \(stated)")) }
    switch origin {
    case .printed: break
    case .implied: remarks.append(LocalizedText("implied", "underforstået"))
    case .uncertain: remarks.append(LocalizedText("uncertain", "usikker"))
    case .house: remarks.append(LocalizedText("our addition", "vores tilføjelse"))
    }
    if let enough { remarks.append(enough + LocalizedText(" is enough", " er nok")) }
    guard let first = remarks.first else { return LocalizedText("\(meant)") }
    let joined = remarks.dropFirst().reduce(first) { $0 + LocalizedText(", ") + $1 }
    return LocalizedText("\(meant) (") + joined + LocalizedText(")")
  }
}
