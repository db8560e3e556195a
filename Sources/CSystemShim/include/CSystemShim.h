#pragma once

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>

// System calls that the Glibc module does not show to Swift. Each returns what the call returns; on -1 errno says why.

/// eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK).
int filsluse_eventfd(void);

/// accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK).
int filsluse_accept(int listener);

/// renameat2 with RENAME_NOREPLACE: fails with EEXIST where the new name is taken.
int filsluse_rename_exclusively(int old_folder, const char *old_name, int new_folder, const char *new_name);

/// openat with O_CLOEXEC and the given flags and mode (openat itself is variadic).
int filsluse_openat(int folder, const char *name, int flags, unsigned mode);

/// Takes an open-file-description write lock on one byte, without waiting; it ends with the descriptor, however the process ends.
/// -1 with EAGAIN or EACCES where another holds it.
int filsluse_lock_byte(int fd, long long offset);

/// Gives back what filsluse_lock_byte took.
int filsluse_unlock_byte(int fd, long long offset);

/// Names the calling thread, as ps and debuggers show it; at most 15 bytes.
void filsluse_name_thread(const char *name);

/// What an error number means, in words; never NULL.
const char *filsluse_error_text(int code);

/// ppoll with a time limit in nanoseconds; below 0 means without limit.
int filsluse_poll(struct pollfd *descriptors, nfds_t count, int64_t nanoseconds);

/// posix_spawn of a program as leader of a session of its own, with default signal handling, with these three descriptors as its 0, 1 and 2
/// and no other one. Returns 0, or an error number.
int filsluse_spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[], int input, int output,
                   int error);

/// syncfs: everything written to the file system that holds the descriptor is on the disk when this returns.
int filsluse_sync_file_system(int descriptor);
