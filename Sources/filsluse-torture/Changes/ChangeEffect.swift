import FoundationEssentials

/// The effect of a change on a round, and its repair by a person.
struct ChangeEffect {
  /// Other contents with which a file may rightly arrive, by its name.
  var contents: [String: Data] = [:]
  /// Files that may rightly not arrive, if a person is alerted.
  var mayBeMissing: Set<String> = []
  /// Files that may stay where they are.
  var mayStay: Set<String> = []
  /// True if the person who made the change knows that the file will not arrive.
  var wasOwnersWish = false
  /// The file put in another's place in IN: only a process that has read it may remove it.
  var replacedInIN: (name: String, content: Data)?
  /// Returns true once the person has taken it back.
  var isTakenBack: () -> Bool = { false }
  /// Puts things right, as far as a person can.
  var repair: () async throws -> Void = {}
}
