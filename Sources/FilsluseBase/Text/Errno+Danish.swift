package import SystemPackage

extension Errno {
  /// The system's reason in Danish.
  package var inDanish: String {
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
    case .noMemory: "der er ikke mere hukommelse"
    case .connectionRefused: "forbindelsen blev afvist"
    case .connectionReset, .brokenPipe: "forbindelsen blev afbrudt af den anden ende"
    case .networkDown: "nettet er nede"
    case .networkUnreachable, .noRouteToHost: "der er ingen vej til adressen"
    case .timedOut: "der kom intet svar i tide"
    case .connectionAbort, .networkReset: "forbindelsen blev afbrudt af nettet eller denne maskine"
    case .hostIsDown: "den anden maskine er nede"
    default: "systemets fejl nr. \(rawValue)"
    }
  }
}
