#define _GNU_SOURCE
#include "PowerLoss.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// A file that this process has written to: how long it was when it was last synced.
struct content {
    dev_t device;
    ino_t inode;
    int descriptor;
    off_t synced;
};

// A name that is not on the disk yet: that of a new file, or one that a file was renamed to, or its absence.
struct name {
    dev_t device;
    ino_t inode;
    int folder, old_folder;
    char *name, *old_name;
    // Where a removed file is kept.
    char *kept;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct content *contents;
static struct name *names;
static size_t content_count, name_count;

static int stay_out_of_the_way(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 200); }

static struct content *find(const struct stat *status) {
    for (size_t index = 0; index < content_count; index++)
        if (contents[index].device == status->st_dev && contents[index].inode == status->st_ino) return &contents[index];
    return NULL;
}

// SQLite makes this file anew from the journal, whatever it holds.
static bool is_shared_memory(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path);
    return length > 4 && memcmp(path + length - 4, "-shm", 4) == 0;
}

void unsaved_content(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || descriptor <= STDERR_FILENO) return;
    pthread_mutex_lock(&mutex);
    if (!find(&status) && !is_shared_memory(descriptor)) {
        struct content *grown = realloc(contents, (content_count + 1) * sizeof *contents);
        int kept = grown ? stay_out_of_the_way(descriptor) : -1;
        if (grown) contents = grown;
        // What was there before this process came was synced by whoever wrote it.
        if (kept >= 0) contents[content_count++] = (struct content){status.st_dev, status.st_ino, kept, status.st_size};
    }
    pthread_mutex_unlock(&mutex);
}

// The folder that a name stands in, opened; `name` then is the last part alone.
static int open_folder(int folder, const char **name) {
    const char *slash = strrchr(*name, '/');
    char path[4096];
    if (!slash) {
        strcpy(path, ".");
    } else {
        snprintf(path, sizeof path, "%.*s", (int)(slash == *name ? 1 : slash - *name), *name);
        *name = slash + 1;
    }
    int opened = openat(folder, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return -1;
    int kept = stay_out_of_the_way(opened);
    close(opened);
    return kept;
}

static void add_name(int old_folder, const char *old_name, int folder, const char *name, char *removed) {
    int saved = errno;
    struct stat status;
    int kept = open_folder(folder, &name);
    int old_kept = old_name ? open_folder(old_folder, &old_name) : -1;
    pthread_mutex_lock(&mutex);
    struct name *grown = realloc(names, (name_count + 1) * sizeof *names);
    if (grown) names = grown;
    if (grown && kept >= 0 && fstat(kept, &status) == 0)
        names[name_count++] = (struct name){
            status.st_dev, status.st_ino, kept, old_kept, strdup(name), old_name ? strdup(old_name) : NULL, removed};
    pthread_mutex_unlock(&mutex);
    errno = saved;
}

void unsaved_name(int folder, const char *name) { add_name(-1, NULL, folder, name, NULL); }

void unsaved_rename(int folder, const char *name, int new_folder, const char *new_name) {
    add_name(folder, name, new_folder, new_name, NULL);
}

char *keep_before_removal(int folder, const char *name) {
    static atomic_int number;
    char *kept = NULL;
    if (asprintf(&kept, "%s/%d-%d", getenv("FILSLUSE_FAULT_POWER"), getpid(), atomic_fetch_add(&number, 1)) < 0) return NULL;
    if (syscall(SYS_linkat, folder, name, AT_FDCWD, kept, 0) == 0) return kept;
    free(kept);
    return NULL;
}

void unsaved_removal(int folder, const char *name, char *kept, bool is_removed) {
    if (!kept) return;
    if (is_removed) {
        add_name(-1, NULL, folder, name, kept);
    } else {
        int saved = errno;
        syscall(SYS_unlinkat, AT_FDCWD, kept, 0);
        free(kept);
        errno = saved;
    }
}

static void forget(struct name *name) {
    close(name->folder);
    if (name->old_folder >= 0) close(name->old_folder);
    if (name->kept) syscall(SYS_unlinkat, AT_FDCWD, name->kept, 0);
    free(name->name);
    free(name->old_name);
    free(name->kept);
}

static void forget_saved(const struct stat *status, bool everything) {
    pthread_mutex_lock(&mutex);
    struct stat now;
    for (size_t index = 0; index < content_count; index++) {
        bool is_it = everything ? contents[index].device == status->st_dev : &contents[index] == find(status);
        if (is_it && fstat(contents[index].descriptor, &now) == 0) contents[index].synced = now.st_size;
    }
    size_t left = 0;
    for (size_t index = 0; index < name_count; index++) {
        if (names[index].device == status->st_dev && (everything || names[index].inode == status->st_ino)) {
            forget(&names[index]);
        } else {
            names[left++] = names[index];
        }
    }
    name_count = left;
    pthread_mutex_unlock(&mutex);
}

void saved(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) == 0) forget_saved(&status, false);
}

void all_saved(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) == 0) forget_saved(&status, true);
}

void lose_unsaved(void) {
    // Never unlocked: whoever waits for it dies with the rest. No call goes by the ways that are being watched.
    pthread_mutex_lock(&mutex);
    struct stat status;
    for (size_t index = 0; index < content_count; index++)
        if (fstat(contents[index].descriptor, &status) == 0 && status.st_size > contents[index].synced)
            syscall(SYS_ftruncate, contents[index].descriptor, contents[index].synced);
    while (name_count > 0) {
        struct name last = names[--name_count];
        if (last.kept) {
            syscall(SYS_renameat2, AT_FDCWD, last.kept, last.folder, last.name, RENAME_NOREPLACE);
        } else if (last.old_name) {
            syscall(SYS_renameat2, last.folder, last.name, last.old_folder, last.old_name, RENAME_NOREPLACE);
        } else {
            syscall(SYS_unlinkat, last.folder, last.name, 0);
        }
    }
}
