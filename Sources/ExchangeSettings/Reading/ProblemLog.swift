internal import SystemPackage

/// What reading one file has found wrong so far. Reading goes on after a problem, so that one pass finds them all.
final class ProblemLog {
  private let file: FilePath
  private(set) var problems: [SettingsProblem] = []

  init(file: FilePath) { self.file = file }

  func report(
    _ code: SettingsProblem.Code, at place: Place?, keyPath: String = "", _ message: String, remedy: String? = nil,
    severity: SettingsProblem.Severity = .error
  ) {
    problems.append(
      SettingsProblem(
        code: code, severity: severity, file: file, line: place?.line, column: place?.column, keyPath: keyPath,
        message: message, remedy: remedy))
  }

  /// The problems that make the settings unusable, in the order of the file.
  var errors: [SettingsProblem] { sorted { $0.severity == .error } }

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
