// A library to be preloaded (LD_PRELOAD) into a process that is to suffer; it offers no functions of its own.
//
// It counts the calls by which a process changes the world: files made, written, synced, renamed and removed, bytes sent.
// What happens at which of them is told by environment variables:
//
//   FILSLUSE_FAULT_LOG=FILE      write a line for every counted call: its number, its kind, and what it was about
//   FILSLUSE_FAULT_KILL=N        SIGKILL in place of the N-th counted call, whichever thread makes it
//   FILSLUSE_FAULT_KILL_AFTER_PERCENT=P  do so much of that call first: 100 does all of it, 50 half of what it writes
//   FILSLUSE_FAULT_POWER=FOLDER  lose with the kill what a loss of power would take: what was not synced (PowerLoss.h);
//                                the folder, on the same file system, is for what may have to come back
//   FILSLUSE_FAULT_FULL=N        from the N-th counted call on, every write to a file fails: no space left on device
//   FILSLUSE_FAULT_CLOCK=S@N     from the N-th counted call on, the wall clock is S seconds ahead (or, with a minus, behind)
//   FILSLUSE_FAULT_FSYNC_MS=MS   every fsync and fdatasync takes so many milliseconds longer
//
// The process alone is concerned: LD_PRELOAD is taken out of its environment, so that its children are spared.
