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

/// Takes an open-file-description write lock on one byte, without waiting; it ends with the descriptor, however the
/// process ends. -1 with EAGAIN or EACCES where another holds it.
int filsluse_lock_byte(int fd, long long offset);

/// The same, but waits until nobody else holds it. -1 with EINTR when a signal came.
int filsluse_await_byte(int fd, long long offset);

/// filsluse_lock_byte for a read lock, which any number may hold while nobody holds the write lock.
int filsluse_share_byte(int fd, long long offset);

/// Whether another open file has the byte locked, without taking it: 1, 0, or -1.
int filsluse_is_locked_byte(int fd, long long offset);

/// The same of several bytes: where one of them is locked, offset and length become those of a lock, which may also
/// cover bytes beside them. It need not be the first. A length of 0 reaches to the end.
int filsluse_find_locked_bytes(int fd, long long *offset, long long *length);

/// Gives back what filsluse_lock_byte or filsluse_share_byte took.
int filsluse_unlock_byte(int fd, long long offset);

/// Names the calling thread, as ps and debuggers show it; at most 15 bytes.
void filsluse_name_thread(const char *name);

/// What an error number means, in words; never NULL.
const char *filsluse_error_text(int code);

/// ppoll with a time limit in nanoseconds; below 0 means without limit.
int filsluse_poll(struct pollfd *descriptors, nfds_t count, int64_t nanoseconds);

/// posix_spawn of a program as leader of a session of its own, with default signal handling, with these descriptors as
/// its 0, 1 and 2, with `held` as its 3 unless that is below 0, and no other one, in `folder` unless that is NULL.
/// Returns 0, or an error number.
int filsluse_spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[], int input, int output,
                   int error, int held, const char *folder);

/// A pipe whose ends a program that is started does not get unasked, and whose reading end does not block.
int filsluse_pipe(int ends[2]);

/// memfd_create with MFD_CLOEXEC: a file without a name in any folder, gone with its last descriptor.
int filsluse_memory_file(const char *name);

/// fallocate with FALLOC_FL_KEEP_SIZE: the disk keeps room for that many bytes of the file, whose size stays as it is.
int filsluse_reserve(int fd, long long size);

/// mallopt(M_ARENA_MAX): threads share so many heaps, where each would get one of its own and keep what it freed.
void filsluse_limit_heaps(int most);

/// syncfs: everything written to the file system that holds the descriptor is on the disk when this returns.
int filsluse_sync_file_system(int descriptor);

/// fstatfs: the type of the file system that holds the descriptor, as f_type gives it; -1 where that cannot be seen.
int64_t filsluse_file_system_type(int descriptor);

/// The commit that this was built from; NULL where the build does not name it (Scripts/package does, by FILSLUSE_COMMIT).
const char *filsluse_commit(void);
