#define _GNU_SOURCE
#include "CSystemShim.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

int filsluse_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int filsluse_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int filsluse_rename_exclusively(int old_folder, const char *old_name, int new_folder, const char *new_name) {
    return renameat2(old_folder, old_name, new_folder, new_name, RENAME_NOREPLACE);
}

int filsluse_openat(int folder, const char *name, int flags, unsigned mode) {
    return openat(folder, name, flags | O_CLOEXEC, (mode_t)mode);
}

void filsluse_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

const char *filsluse_error_text(int code) {
    const char *text = strerrordesc_np(code);
    return text ? text : "unknown error";
}
