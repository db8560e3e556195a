/// How a mail room goes about its work: what the live platform does is known in outline only, and may differ by the day.
public struct MailRoomHabits: Sendable, Hashable {
  /// What a delivery that is in order is answered with.
  public enum Receipts: Sendable, Hashable {
    /// One receipt that says that it went well.
    case once
    /// A second, equal receipt, as soon as its reader has removed the first.
    case twice
    /// None; the files are distributed all the same.
    case never
    /// Errors, for every delivery; nothing is distributed.
    case errors
  }

  /// What comes back.
  public var receipts: Receipts
  /// How long after the distribution a receipt comes.
  public var receiptDelay: Duration
  /// Whether the data goes first from OUT, the moment its trigger is whole, and the trigger after it.
  public var takesDataFirst: Bool

  /// Habits; by default those of an ordinary day.
  public init(receipts: Receipts = .once, receiptDelay: Duration = .zero, takesDataFirst: Bool = false) {
    self.receipts = receipts
    self.receiptDelay = receiptDelay
    self.takesDataFirst = takesDataFirst
  }
}
