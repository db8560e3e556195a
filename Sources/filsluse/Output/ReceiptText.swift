import FilsluseBase
import LocalPlatform
import TriggerFiles

/// The message of a technical receipt, as people read it.
enum ReceiptText {
  /// Returns the platform's own words, which are English. In Danish, the meaning follows the local platform's words:
  /// the real one's list of numbers is not public.
  static func shown(_ message: String) -> String {
    guard OutputLanguage.current == .danish,
      let code = RefusalCode.allCases.first(where: { message.hasPrefix("\($0.rawValue) \($0.meaning)") })
    else { return message }
    let meaning = code.explanation.meaning.text(in: .danish)
    return "„\(message)“: \(meaning.hasSuffix(".") ? String(meaning.dropLast()) : meaning)"
  }
}
