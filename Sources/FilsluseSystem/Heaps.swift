internal import CSystemShim

/// The heaps that the C library gives out memory from.
public enum Heaps {
  /// Lets all threads share two. A process with a hundred threads that each need a little now and then would else keep what
  /// each has freed. Call it once, before there is a second thread.
  public static func shareFew() { filsluse_limit_heaps(2) }
}
