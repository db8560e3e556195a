#define _GNU_SOURCE
#include "PowerLoss.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
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

// A name that is not on the disk yet: that of a new file, or one that a file was renamed to.
struct name {
    dev_t device;
    ino_t inode;
    int folder, old_folder;
    char *name, *old_name;
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

static void add_name(int old_folder, const char *old_name, int folder, const char *name) {
    int saved = errno;
    struct stat status;
    int kept = open_folder(folder, &name);
    int old_kept = old_name ? open_folder(old_folder, &old_name) : -1;
    pthread_mutex_lock(&mutex);
    struct name *grown = realloc(names, (name_count + 1) * sizeof *names);
    if (grown) names = grown;
    if (grown && kept >= 0 && fstat(kept, &status) == 0)
        names[name_count++] = (struct name){
            status.st_dev, status.st_ino, kept, old_kept, strdup(name), old_name ? strdup(old_name) : NULL};
    pthread_mutex_unlock(&mutex);
    errno = saved;
}

void unsaved_name(int folder, const char *name) { add_name(-1, NULL, folder, name); }

void unsaved_rename(int folder, const char *name, int new_folder, const char *new_name) {
    add_name(folder, name, new_folder, new_name);
}

void saved(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return;
    pthread_mutex_lock(&mutex);
    struct content *content = find(&status);
    if (content) content->synced = status.st_size;
    size_t left = 0;
    for (size_t index = 0; index < name_count; index++) {
        if (names[index].device == status.st_dev && names[index].inode == status.st_ino) {
            close(names[index].folder);
            if (names[index].old_folder >= 0) close(names[index].old_folder);
            free(names[index].name);
            free(names[index].old_name);
        } else {
            names[left++] = names[index];
        }
    }
    name_count = left;
    pthread_mutex_unlock(&mutex);
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
        if (last.old_name) {
            syscall(SYS_renameat2, last.folder, last.name, last.old_folder, last.old_name, RENAME_NOREPLACE);
        } else {
            syscall(SYS_unlinkat, last.folder, last.name, 0);
        }
    }
}
