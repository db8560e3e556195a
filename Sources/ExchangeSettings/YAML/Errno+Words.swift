internal import FilsluseBase
package import SystemPackage
package import TriggerFiles

extension Errno {
  /// The system's reason in both languages.
  package var words: LocalizedText { LocalizedText(description, inDanish) }
}
