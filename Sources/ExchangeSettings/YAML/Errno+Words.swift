package import SystemPackage
package import TriggerFiles

extension Errno {
  /// The system's reason in both languages.
  package var words: LocalizedText { LocalizedText(description, danish) }

  private var danish: String {
    switch self {
    case .noSuchFileOrDirectory: "filen findes ikke"
    case .notDirectory: "en del af stien er ikke en mappe"
    case .permissionDenied, .notPermitted: "der er ikke ret til det"
    case .fileExists: "filen findes allerede"
    case .isDirectory: "det er en mappe"
    case .noSpace: "disken er fuld"
    case .diskQuotaExceeded: "kvoten på disken er brugt op"
    case .readOnlyFileSystem: "disken kan kun læses"
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "der er for mange åbne filer"
    case .fileNameTooLong: "navnet er for langt"
    case .tooManySymbolicLinkLevels: "for mange symbolske links efter hinanden"
    case .ioError: "disken kan ikke læses eller skrives"
    case .badFileDescriptor: "den er lukket"
    default: "systemets fejl nr. \(rawValue)"
    }
  }
}
