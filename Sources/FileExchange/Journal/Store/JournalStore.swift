/// The exchange's persistent record. ``Journal`` keeps it in SQLite for one machine; a database that several machines
/// share can take its place.
///
/// An implementation guarantees three things. The result of a call is on the disk before the call returns. Overlapping
/// calls, from any task or process, behave as if one had followed the other. A claim has one holder at a time and ends
/// with it, in whatever way that one ends.
typealias JournalStore = DeliveryStore & ArrivalStore & ClaimStore & HistoryStore & ProblemStore & SuspectStore
