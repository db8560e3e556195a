/// What the exchange needs of its memory, and no more. ``Journal`` keeps it in SQLite for one machine; a database that
/// several machines share can take its place.
///
/// Whoever stands behind it promises three things. What a call returns is on the disk before it returns. Calls that
/// overlap, from whichever task or process, come out as if one had followed the other. A claim has one holder at a
/// time and ends with it, however that one ends.
typealias JournalStore = DeliveryStore & ArrivalStore & ClaimStore & HistoryStore & ProblemStore & SuspectStore
