public import SystemPackage

/// A local folder whose files `filsluse run` delivers by the route that it stands under.
///
/// A file is taken when it is whole: moved into `.taken` inside the folder, from where it is sent. In the end it lies in
/// `sent`, in `refused` beside the platform's receipt, or in `set-aside` beside the reason. Names that programs give to
/// what they are still writing (hidden ones, `.tmp`, `.part` and the like) are left alone.
///
/// Each time a file is put into the folder is a wish of its own to have it sent, whatever its name and content: the same
/// file put there again is sent again, after the first. No end of the process, however sudden, makes one wish into two.
public struct WatchedFolder: Sendable, Hashable {
  /// The folder.
  public var path: FilePath
  /// How long a file's size and time must have stood still before it is taken, where no ready-marker says that it is
  /// whole.
  public var settledFor: Duration
  /// The ending of ready-markers: `a.csv` is taken when `a.csv.ready` lies beside it, and not before; `nil` for none.
  public var readyMarker: String?
  /// What becomes of a file that the platform has accepted.
  public var whenAccepted: AfterAcceptance
  /// How long accepted files are kept in `sent`; `nil` for ever.
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

/// What becomes of a local file that the platform has accepted.
public enum AfterAcceptance: String, Sendable, Hashable, CaseIterable {
  /// It is moved to the folder `sent` inside the watched one, into a folder for each day.
  case keep
  /// It is removed.
  case remove
}
