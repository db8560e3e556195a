public import SystemPackage

/// A local folder whose files `filsluse run` delivers by the route that names it.
///
/// A complete file is moved into `.taken` inside the folder and sent from there. It ends in `sent`, in `refused` beside
/// the platform's receipt, or in `set-aside` beside the reason. Names of unfinished files (hidden ones, `.tmp`, `.part`
/// and the like) are left alone.
///
/// Each file put into the folder is one order, whatever its name and content: the same file put there again is sent
/// again, after the first. However suddenly the process ends, one order never becomes two.
public struct WatchedFolder: Sendable, Hashable {
  /// The folder.
  public var path: FilePath
  /// The time for which size and modification time of a file must stay the same before it is taken, where no
  /// ready-marker is used.
  public var settledFor: Duration
  /// The suffix of ready-markers: `a.csv` is taken once `a.csv.ready` is beside it; `nil` for no markers.
  public var readyMarker: String?
  /// The action for a file that the platform has accepted.
  public var whenAccepted: AfterAcceptance
  /// The time for which accepted files are kept in `sent`; `nil` for ever.
  public var keepSent: Duration?

  /// Describes a watched folder.
  public init(
    path: FilePath, settledFor: Duration = .seconds(10), readyMarker: String? = nil,
    whenAccepted: AfterAcceptance = .keep, keepSent: Duration? = nil
  ) {
    self.path = path
    self.settledFor = settledFor
    self.readyMarker = readyMarker
    self.whenAccepted = whenAccepted
    self.keepSent = keepSent
  }
}

/// The action for a local file that the platform has accepted.
public enum AfterAcceptance: String, Sendable, Hashable, CaseIterable {
  /// It is moved to the folder `sent` inside the watched one, into a folder for each day.
  case keep
  /// It is removed.
  case remove
}
