#pragma once

// System calls that the Glibc module does not show to Swift. Each returns what the call returns; on -1 errno says why.

/// eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK).
int filsluse_eventfd(void);

/// accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK).
int filsluse_accept(int listener);

/// renameat2 with RENAME_NOREPLACE: fails with EEXIST where the new name is taken.
int filsluse_rename_exclusively(int old_folder, const char *old_name, int new_folder, const char *new_name);

/// openat with O_CLOEXEC and the given flags and mode (openat itself is variadic).
int filsluse_openat(int folder, const char *name, int flags, unsigned mode);

/// Names the calling thread, as ps and debuggers show it; at most 15 bytes.
void filsluse_name_thread(const char *name);

/// What an error number means, in words; never NULL.
const char *filsluse_error_text(int code);
