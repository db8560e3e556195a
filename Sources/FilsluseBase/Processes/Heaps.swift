internal import CSystemShim

/// The heaps that the C library gives out memory from.
public enum Heaps {
  /// Limits glibc to two heaps, shared by all threads. With a heap per thread, a process of a hundred threads keeps the
  /// memory that each of them freed. Call this once, before a second thread exists.
  public static func shareFew() { filsluse_limit_heaps(2) }
}
