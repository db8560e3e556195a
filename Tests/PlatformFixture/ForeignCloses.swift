import FilsluseBase
import Glibc

/// Counts the files of one thread that another thread closes, which happens where a descriptor is closed twice.
///
/// - Returns: the number of files that were closed already when their owner closed them.
public func countForeignCloses(during body: () -> Void) -> Int {
  let state = Locked((isOver: false, hasEnded: false, count: 0))
  BlockingThreads.startThread(named: "test-opener") {
    while !state.withLock({ $0.isOver }) {
      let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
      sched_yield()
      if close(file) != 0 { state.withLock { $0.count += 1 } }
    }
    state.withLock { $0.hasEnded = true }
  }
  body()
  state.withLock { $0.isOver = true }
  while !state.withLock({ $0.hasEnded }) { usleep(1_000) }
  return state.withLock { $0.count }
}
