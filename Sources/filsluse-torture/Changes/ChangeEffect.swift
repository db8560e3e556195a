import FoundationEssentials

/// What a change has done to a round, and how a person puts it right.
struct ChangeEffect {
  /// Other contents with which a file may rightly arrive, by its name.
  var contents: [String: Data] = [:]
  /// Files that may rightly not arrive, if a person is told.
  var mayBeMissing: Set<String> = []
  /// Files that may stay where they are.
  var mayStay: Set<String> = []
  /// Whether whoever changed it knows that the file will not arrive.
  var wasOwnersWish = false
  /// What was put in a file's place in IN: nothing may remove it that has not read it.
  var replacedInIN: (name: String, content: Data)?
  /// Whether the person has taken that back.
  var isTakenBack: () -> Bool = { false }
  /// Puts things right, as far as a person can.
  var repair: () async throws -> Void = {}
}
