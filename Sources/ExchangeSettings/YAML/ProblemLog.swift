internal import SystemPackage

/// The problems found so far in one file. Reading goes on after a problem, so that one pass finds them all.
final class ProblemLog {
  /// More problems than this are no help to anybody; reading then stops looking for more.
  static let most = 100

  private let file: FilePath
  private var problems: [SettingsProblem] = []

  /// True once the limit of problems is reached and reading stops.
  var isFull: Bool { problems.count >= Self.most }

  /// The number of problems that make the settings unusable.
  var errorCount: Int { problems.count { $0.severity == .error } }

  init(file: FilePath) { self.file = file }

  func report(
    _ code: SettingsProblem.Code, at place: Place?, keyPath: String = "", _ message: String, remedy: String? = nil,
    severity: SettingsProblem.Severity = .error
  ) {
    guard !isFull else { return }
    problems.append(
      SettingsProblem(
        code: code, severity: severity, file: file, line: place?.line, column: place?.column, keyPath: keyPath,
        message: message, remedy: remedy))
  }

  /// The problems that make the settings unusable, in the order of the file.
  var errors: [SettingsProblem] {
    let errors = sorted { $0.severity == .error }
    guard isFull else { return errors }
    return errors + [
      SettingsProblem(code: .unacceptable, file: file, message: "there may be more problems; reading stopped here")
    ]
  }

  /// The problems that do not.
  var warnings: [SettingsProblem] { sorted { $0.severity == .warning } }

  private func sorted(where wanted: (SettingsProblem) -> Bool) -> [SettingsProblem] {
    problems.filter(wanted).enumerated().sorted { one, other in
      let places = [one, other].map { ($0.element.line ?? 0, $0.element.column ?? 0, $0.offset) }
      return places[0] < places[1]
    }.map(\.element)
  }
}

/// A place in the file, counted from 1; columns in Unicode scalars.
struct Place: Hashable {
  var line: Int
  var column: Int
}
