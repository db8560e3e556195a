// See include/CFaults.h for what this library does and how it is told.
#define _GNU_SOURCE
#include "CFaults.h"

#include "PowerLoss.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// The function that a caller would have got without us.
#define REAL(name)                                                                                                   \
    static typeof(&name) real;                                                                                       \
    if (!real) real = (typeof(&name))dlsym(RTLD_NEXT, #name)

static atomic_long calls;
static pid_t victim;
static int log_file = -1;
static bool power_fails;
static atomic_bool is_dying;
static long kill_at, kill_after_percent, full_from, clock_from, clock_shift, fsync_delay;

static long number(const char *variable) {
    const char *text = getenv(variable);
    return text ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
    kill_at = number("FILSLUSE_FAULT_KILL");
    kill_after_percent = number("FILSLUSE_FAULT_KILL_AFTER_PERCENT");
    power_fails = getenv("FILSLUSE_FAULT_POWER") != NULL;
    full_from = number("FILSLUSE_FAULT_FULL");
    fsync_delay = number("FILSLUSE_FAULT_FSYNC_MS");
    clock_shift = number("FILSLUSE_FAULT_CLOCK");
    const char *clock = getenv("FILSLUSE_FAULT_CLOCK");
    const char *at = clock ? strchr(clock, '@') : NULL;
    clock_from = at ? strtol(at + 1, NULL, 10) : 0;
    const char *log = getenv("FILSLUSE_FAULT_LOG");
    if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    victim = getpid();
    unsetenv("LD_PRELOAD");
}

// MARK: Counting

static void write_log(long call, const char *kind, int descriptor, const char *name) {
    char link[64], path[4096] = "", line[4300];
    if (descriptor >= 0) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = 0;
    }
    int length = snprintf(line, sizeof line, "%ld %s %s%s%s\n", call, kind, path, *path && *name ? "/" : "", name);
    syscall(SYS_write, log_file, line, (size_t)length);
}

// Counts a call that is about to be made; true when the process is to die at it. A child between fork and exec is no
// longer the process that this is about.
static bool is_last(const char *kind, int descriptor, const char *name) {
    if (!victim || getpid() != victim) return false;
    // One thread dies for all: no other one begins anything after it.
    while (atomic_load(&is_dying)) pause();
    int error = errno;
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (log_file >= 0) write_log(call, kind, descriptor, name);
    errno = error;
    return call == kill_at;
}

static void die(void) {
    atomic_store(&is_dying, true);
    if (power_fails) lose_unsaved();
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// Whether what is not synced is kept in mind.
static bool minds_power(void) { return power_fails && victim && getpid() == victim && !atomic_load(&is_dying); }

// A call that writes: its last one may be done in part.
#define WRITING(kind, descriptor, length, call)                                                                      \
    do {                                                                                                             \
        size_t count = length;                                                                                       \
        if (minds_power()) unsaved_content(descriptor);                                                              \
        if (changes_the_world(descriptor) && is_last(kind, descriptor, "")) {                                        \
            count = length * (size_t)kill_after_percent / 100;                                                       \
            if (count > 0) (void)!(call);                                                                            \
            die();                                                                                                   \
        }                                                                                                            \
        if (full_from && atomic_load(&calls) >= full_from && is_file(descriptor)) {                                  \
            errno = ENOSPC;                                                                                          \
            return -1;                                                                                               \
        }                                                                                                            \
        return call;                                                                                                 \
    } while (0)

// A call that is done or not done.
#define CHANGING(kind, descriptor, name, call)                                                                       \
    do {                                                                                                             \
        if (is_last(kind, descriptor, name)) {                                                                       \
            if (kill_after_percent == 100) (void)!(call);                                                            \
            die();                                                                                                   \
        }                                                                                                            \
        return call;                                                                                                 \
    } while (0)

static mode_t kind_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

// What the process says of its trouble goes to another disk.
static bool is_file(int descriptor) { return descriptor > STDERR_FILENO && kind_of(descriptor) == S_IFREG; }

// An eventfd, by which threads wake each other, has no kind.
static bool changes_the_world(int descriptor) { return kind_of(descriptor) != 0; }

// MARK: Writing

ssize_t write(int descriptor, const void *bytes, size_t length) {
    REAL(write);
    WRITING("write", descriptor, length, real(descriptor, bytes, count));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    REAL(pwrite);
    WRITING("pwrite", descriptor, length, real(descriptor, bytes, count, offset));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
    REAL(pwrite64);
    WRITING("pwrite", descriptor, length, real(descriptor, bytes, count, offset));
}

ssize_t send(int descriptor, const void *bytes, size_t length, int flags) {
    REAL(send);
    WRITING("send", descriptor, length, real(descriptor, bytes, count, flags));
}

// MARK: Syncing

static void delay(void) {
    if (!fsync_delay || getpid() != victim) return;
    struct timespec rest = {.tv_sec = fsync_delay / 1000, .tv_nsec = fsync_delay % 1000 * 1000000};
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {}
}

static int note_sync(int descriptor, int code) {
    if (code == 0 && minds_power()) saved(descriptor);
    return code;
}

static int note_full_sync(int descriptor, int code) {
    if (code == 0 && minds_power()) all_saved(descriptor);
    return code;
}

int fsync(int descriptor) {
    REAL(fsync);
    delay();
    CHANGING("fsync", descriptor, "", note_sync(descriptor, real(descriptor)));
}

int fdatasync(int descriptor) {
    REAL(fdatasync);
    delay();
    CHANGING("fdatasync", descriptor, "", note_sync(descriptor, real(descriptor)));
}

int syncfs(int descriptor) {
    REAL(syncfs);
    delay();
    CHANGING("syncfs", descriptor, "", note_full_sync(descriptor, real(descriptor)));
}

int ftruncate(int descriptor, off_t length) {
    REAL(ftruncate);
    if (minds_power()) unsaved_content(descriptor);
    CHANGING("truncate", descriptor, "", real(descriptor, length));
}

int ftruncate64(int descriptor, off64_t length) {
    REAL(ftruncate64);
    if (minds_power()) unsaved_content(descriptor);
    CHANGING("truncate", descriptor, "", real(descriptor, length));
}

// MARK: Names

static int note_name(bool is_new, int folder, const char *name, int descriptor) {
    if (is_new && descriptor >= 0) unsaved_name(folder, name);
    return descriptor;
}

static int note_rename(int folder, const char *name, int new_folder, const char *new_name, int code) {
    if (code == 0 && minds_power()) unsaved_rename(folder, name, new_folder, new_name);
    return code;
}

// An open that makes no file changes nothing and is not counted.
#define OPENING(folder_of_name, name, flags, call)                                                                   \
    do {                                                                                                             \
        mode_t mode = 0;                                                                                             \
        if (!((flags) & O_CREAT)) return call;                                                                       \
        va_list rest;                                                                                                \
        va_start(rest, flags);                                                                                       \
        mode = va_arg(rest, mode_t);                                                                                 \
        va_end(rest);                                                                                                \
        struct stat status;                                                                                          \
        bool is_new = minds_power() && fstatat(folder_of_name, name, &status, AT_SYMLINK_NOFOLLOW) != 0;             \
        CHANGING("create", -1, name, note_name(is_new, folder_of_name, name, call));                                 \
    } while (0)

int open(const char *name, int flags, ...) {
    REAL(open);
    OPENING(AT_FDCWD, name, flags, real(name, flags, mode));
}

int open64(const char *name, int flags, ...) {
    REAL(open64);
    OPENING(AT_FDCWD, name, flags, real(name, flags, mode));
}

int openat(int folder, const char *name, int flags, ...) {
    REAL(openat);
    OPENING(folder, name, flags, real(folder, name, flags, mode));
}

int mkdir(const char *name, mode_t mode) {
    REAL(mkdir);
    CHANGING("mkdir", -1, name, real(name, mode));
}

int mkdirat(int folder, const char *name, mode_t mode) {
    REAL(mkdirat);
    CHANGING("mkdir", folder, name, real(folder, name, mode));
}

int rename(const char *name, const char *new_name) {
    REAL(rename);
    CHANGING("rename", -1, new_name, note_rename(AT_FDCWD, name, AT_FDCWD, new_name, real(name, new_name)));
}

int renameat(int folder, const char *name, int new_folder, const char *new_name) {
    REAL(renameat);
    CHANGING("rename", new_folder, new_name,
             note_rename(folder, name, new_folder, new_name, real(folder, name, new_folder, new_name)));
}

int renameat2(int folder, const char *name, int new_folder, const char *new_name, unsigned flags) {
    REAL(renameat2);
    CHANGING("rename", new_folder, new_name,
             note_rename(folder, name, new_folder, new_name, real(folder, name, new_folder, new_name, flags)));
}

int linkat(int folder, const char *name, int new_folder, const char *new_name, int flags) {
    REAL(linkat);
    CHANGING("link", new_folder, new_name,
             note_name(minds_power(), new_folder, new_name, real(folder, name, new_folder, new_name, flags)));
}

static int note_removal(int folder, const char *name, char *kept, int code) {
    unsaved_removal(folder, name, kept, code == 0);
    return code;
}

int unlink(const char *name) {
    REAL(unlink);
    char *kept = minds_power() ? keep_before_removal(AT_FDCWD, name) : NULL;
    CHANGING("unlink", -1, name, note_removal(AT_FDCWD, name, kept, real(name)));
}

int unlinkat(int folder, const char *name, int flags) {
    REAL(unlinkat);
    char *kept = minds_power() ? keep_before_removal(folder, name) : NULL;
    CHANGING("unlink", folder, name, note_removal(folder, name, kept, real(folder, name, flags)));
}

// MARK: The clock

static long shift(void) {
    return victim && clock_shift && atomic_load(&calls) >= clock_from ? clock_shift : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    REAL(clock_gettime);
    int code = real(clock, now);
    if (code == 0 && clock == CLOCK_REALTIME) now->tv_sec += shift();
    return code;
}

int gettimeofday(struct timeval *now, void *zone) {
    REAL(gettimeofday);
    int code = real(now, zone);
    if (code == 0) now->tv_sec += shift();
    return code;
}

time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now) *now = precise.tv_sec;
    return precise.tv_sec;
}
