#define _GNU_SOURCE
#include "CSystemShim.h"

#include <malloc.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

int filsluse_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int filsluse_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int filsluse_rename_exclusively(int old_folder, const char *old_name, int new_folder, const char *new_name) {
    return renameat2(old_folder, old_name, new_folder, new_name, RENAME_NOREPLACE);
}

// The last descriptors are left to the runtime, an eighth of the limit and 16 at most: libdispatch reads its workers'
// states in /proc every second and ends the process where it cannot. The lowest free descriptor is the next file's.
static int leaves_reserve(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY) return 1;
    rlim_t reserve = limit.rlim_cur / 8 < 16 ? limit.rlim_cur / 8 : 16;
    int next = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (next < 0) return errno != EMFILE;
    close(next);
    return (rlim_t)next + reserve < limit.rlim_cur;
}

int filsluse_openat(int folder, const char *name, int flags, unsigned mode) {
    if (!leaves_reserve()) {
        errno = EMFILE;
        return -1;
    }
    return openat(folder, name, flags | O_CLOEXEC, (mode_t)mode);
}

static int set_lock(int fd, int command, short type, long long offset) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
    return fcntl(fd, command, &lock);
}

int filsluse_lock_byte(int fd, long long offset) { return set_lock(fd, F_OFD_SETLK, F_WRLCK, offset); }

int filsluse_await_byte(int fd, long long offset) { return set_lock(fd, F_OFD_SETLKW, F_WRLCK, offset); }

int filsluse_share_byte(int fd, long long offset) { return set_lock(fd, F_OFD_SETLK, F_RDLCK, offset); }

int filsluse_is_locked_byte(int fd, long long offset) {
    long long length = 1;
    return filsluse_find_locked_bytes(fd, &offset, &length);
}

int filsluse_find_locked_bytes(int fd, long long *offset, long long *length) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = *offset, .l_len = *length};
    if (fcntl(fd, F_OFD_GETLK, &lock)) return -1;
    if (lock.l_type == F_UNLCK) return 0;
    *offset = lock.l_start;
    *length = lock.l_len;
    return 1;
}

int filsluse_unlock_byte(int fd, long long offset) { return set_lock(fd, F_OFD_SETLK, F_UNLCK, offset); }

void filsluse_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

const char *filsluse_error_text(int code) {
    const char *text = strerrordesc_np(code);
    return text ? text : "unknown error";
}

int filsluse_poll(struct pollfd *descriptors, nfds_t count, int64_t nanoseconds) {
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return ppoll(descriptors, count, nanoseconds < 0 ? NULL : &limit, NULL);
}

int filsluse_spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[], int input, int output,
                   int error, int held, const char *folder) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawn_file_actions_init(&actions);
    if (code) return code;
    code = posix_spawnattr_init(&attributes);
    if (code) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    if (!code) code = posix_spawn_file_actions_adddup2(&actions, input, 0);
    if (!code) code = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (!code) code = posix_spawn_file_actions_adddup2(&actions, error, 2);
    if (!code && held >= 0) code = posix_spawn_file_actions_adddup2(&actions, held, 3);
    if (!code) code = posix_spawn_file_actions_addclosefrom_np(&actions, held >= 0 ? 4 : 3);
    if (!code && folder) code = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (!code) code = posix_spawnattr_setsigmask(&attributes, &none);
    if (!code) code = posix_spawnattr_setsigdefault(&attributes, &all);
    if (!code)
        code = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!code) code = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int filsluse_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

int filsluse_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int filsluse_reserve(int fd, long long size) { return fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, size); }

int filsluse_sync_file_system(int descriptor) { return syncfs(descriptor); }

int64_t filsluse_file_system_type(int descriptor) {
    struct statfs status;
    return fstatfs(descriptor, &status) == 0 ? (int64_t)(uint32_t)status.f_type : -1;
}

void filsluse_limit_heaps(int most) { mallopt(M_ARENA_MAX, most); }

#define TEXT_OF(token) #token
#define TEXT_OF_VALUE(macro) TEXT_OF(macro)

const char *filsluse_commit(void) {
#ifdef FILSLUSE_COMMIT
    return TEXT_OF_VALUE(FILSLUSE_COMMIT);
#else
    return NULL;
#endif
}
