#include <errno.h>
#include <libssh2.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "CSSHShim.h"
#include "Signing.h"

#define OPENING_CAPACITY 8192
#define GOODBYE_CAPACITY 512
#define COMPLAINTS_CAPACITY 1024
#define QUEUE_STEP (256 * 1024)

struct filsluse_ssh {
    LIBSSH2_SESSION *session;
    LIBSSH2_CHANNEL *channel;
    int socket;
    int failure;  // an errno; once set, nothing goes out any more
    uint8_t *queue;
    size_t queue_start, queue_end, queue_capacity;
    uint64_t moved, received;
    int ended;  // the stream has ended or failed, or the server has disconnected
    uint8_t opening[OPENING_CAPACITY];
    size_t opening_count;
    int identified;  // the server has sent a line with its version of SSH, or the beginning of one
    int goodbye_reason;
    uint8_t goodbye[GOODBYE_CAPACITY];
    size_t goodbye_count;
    uint8_t complaints[COMPLAINTS_CAPACITY];
    size_t complaints_count;
    struct filsluse_signing signing;
};

// The socket

/// Keeps the first bytes that came, which are not encrypted.
static void keep_opening(filsluse_ssh *ssh, const uint8_t *bytes, size_t count) {
    size_t room = OPENING_CAPACITY - ssh->opening_count;
    size_t kept = count < room ? count : room;
    memcpy(ssh->opening + ssh->opening_count, bytes, kept);
    ssh->opening_count += kept;
    for (size_t start = 0; !ssh->identified && ssh->opening_count - start >= 4; start++)
        ssh->identified =
            (start == 0 || ssh->opening[start - 1] == '\n') && memcmp(ssh->opening + start, "SSH-", 4) == 0;
}

/// A server that turns a client away says why and closes at once: what it said may lie unread when sending fails.
static void read_last_words(filsluse_ssh *ssh) {
    uint8_t bytes[1024];
    ssize_t received;
    while (!ssh->identified && ssh->opening_count < OPENING_CAPACITY &&
           (received = recv(ssh->socket, bytes, sizeof bytes, MSG_NOSIGNAL | MSG_DONTWAIT)) > 0)
        keep_opening(ssh, bytes, (size_t)received);
}

/// Sends what the socket takes now: the number of bytes, or a negative errno.
static ssize_t send_now(filsluse_ssh *ssh, const void *bytes, size_t count) {
    for (;;) {
        ssize_t sent = send(ssh->socket, bytes, count, MSG_NOSIGNAL);
        if (sent >= 0) {
            ssh->moved += (uint64_t)sent;
            return sent;
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
        ssh->failure = errno;
        read_last_words(ssh);
        return -ssh->failure;
    }
}

static int enqueue(filsluse_ssh *ssh, const uint8_t *bytes, size_t count) {
    size_t held = ssh->queue_end - ssh->queue_start;
    if (ssh->queue_start > 0 && ssh->queue_end + count > ssh->queue_capacity) {
        memmove(ssh->queue, ssh->queue + ssh->queue_start, held);
        ssh->queue_start = 0;
        ssh->queue_end = held;
    }
    if (held + count > ssh->queue_capacity) {
        size_t capacity = held + count + QUEUE_STEP;
        uint8_t *larger = realloc(ssh->queue, capacity);
        if (!larger) return 0;
        ssh->queue = larger;
        ssh->queue_capacity = capacity;
    }
    memcpy(ssh->queue + ssh->queue_end, bytes, count);
    ssh->queue_end += count;
    return 1;
}

int filsluse_ssh_flush(filsluse_ssh *ssh) {
    while (!ssh->failure && ssh->queue_start < ssh->queue_end) {
        ssize_t sent = send_now(ssh, ssh->queue + ssh->queue_start, ssh->queue_end - ssh->queue_start);
        if (sent < 0) return (int)sent;
        if (sent == 0) return 0;
        ssh->queue_start += (size_t)sent;
    }
    if (ssh->queue_start == ssh->queue_end) ssh->queue_start = ssh->queue_end = 0;
    return -ssh->failure;
}

/// libssh2's way out. It never reports a partial write: libssh2 1.10 loses its place when it must send something else
/// in between (LIBSSH2_ERROR_BAD_USE). What the socket does not take waits here.
static ssize_t send_or_queue(libssh2_socket_t socket, const void *bytes, size_t count, int flags, void **abstract) {
    filsluse_ssh *ssh = *abstract;
    (void)socket, (void)flags;
    if (filsluse_ssh_flush(ssh) < 0) return -ssh->failure;
    ssize_t sent = 0;
    if (ssh->queue_start == ssh->queue_end) sent = send_now(ssh, bytes, count);
    if (sent < 0) return sent;
    if ((size_t)sent < count && !enqueue(ssh, (const uint8_t *)bytes + sent, count - (size_t)sent)) {
        ssh->failure = ENOMEM;
        return -ENOMEM;
    }
    return (ssize_t)count;
}

static ssize_t receive(libssh2_socket_t socket, void *bytes, size_t capacity, int flags, void **abstract) {
    filsluse_ssh *ssh = *abstract;
    (void)flags;
    if (ssh->failure) return -ssh->failure;
    for (;;) {
        ssize_t received = recv(socket, bytes, capacity, MSG_NOSIGNAL);
        if (received < 0 && errno == EINTR) continue;
        if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return -EAGAIN;
        if (received <= 0) ssh->ended = 1;
        if (received < 0) return -errno;
        ssh->moved += (uint64_t)received;
        ssh->received += (uint64_t)received;
        keep_opening(ssh, bytes, (size_t)received);
        if (!ssh->identified && ssh->opening_count == OPENING_CAPACITY) {
            // libssh2 would read lines before the version for ever.
            ssh->failure = EMSGSIZE;
            return -EMSGSIZE;
        }
        return received;
    }
}

size_t filsluse_ssh_queued(const filsluse_ssh *ssh) { return ssh->queue_end - ssh->queue_start; }

uint64_t filsluse_ssh_moved(const filsluse_ssh *ssh) { return ssh->moved; }

uint64_t filsluse_ssh_received(const filsluse_ssh *ssh) { return ssh->received; }

const uint8_t *filsluse_ssh_opening(const filsluse_ssh *ssh, size_t *count) {
    *count = ssh->opening_count;
    return ssh->opening;
}

int filsluse_ssh_is_identified(const filsluse_ssh *ssh) { return ssh->identified; }

int filsluse_ssh_has_ended(const filsluse_ssh *ssh) { return ssh->ended || ssh->failure; }

static LIBSSH2_DISCONNECT_FUNC(disconnected) {
    filsluse_ssh *ssh = *abstract;
    (void)session, (void)language, (void)language_len;
    ssh->ended = 1;
    ssh->goodbye_reason = reason;
    if (message_len > GOODBYE_CAPACITY) message_len = GOODBYE_CAPACITY;
    ssh->goodbye_count = message_len > 0 ? (size_t)message_len : 0;
    if (ssh->goodbye_count > 0) memcpy(ssh->goodbye, message, ssh->goodbye_count);
}

const uint8_t *filsluse_ssh_last_words(const filsluse_ssh *ssh, int *reason, size_t *count) {
    *reason = ssh->goodbye_reason;
    *count = ssh->goodbye_count;
    return ssh->goodbye;
}

// The library

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialized;

static void initialize(void) { initialized = libssh2_init(0); }

int filsluse_ssh_initialize(void) {
    pthread_once(&once, initialize);
    return initialized;
}

int filsluse_ssh_is_at_least(int version) { return libssh2_version(version) != NULL; }

const char *filsluse_ssh_version(void) { return libssh2_version(0); }

// The session

/// libssh2 1.11.1 deprecates the older call; 1.10 has only that.
static void set_callbacks(LIBSSH2_SESSION *session) {
#if LIBSSH2_VERSION_NUM >= 0x010b01
    libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_SEND, (libssh2_cb_generic *)send_or_queue);
    libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_RECV, (libssh2_cb_generic *)receive);
    libssh2_session_callback_set2(session, LIBSSH2_CALLBACK_DISCONNECT, (libssh2_cb_generic *)disconnected);
#else
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_SEND, (void *)send_or_queue);
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_RECV, (void *)receive);
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_DISCONNECT, (void *)disconnected);
#endif
}

filsluse_ssh *filsluse_ssh_new(int socket) {
    filsluse_ssh *ssh = calloc(1, sizeof *ssh);
    if (!ssh) return NULL;
    ssh->socket = socket;
    ssh->session = libssh2_session_init_ex(NULL, NULL, NULL, ssh);
    if (!ssh->session) {
        free(ssh);
        return NULL;
    }
    libssh2_session_set_blocking(ssh->session, 0);
    set_callbacks(ssh->session);
    return ssh;
}

void filsluse_ssh_break(filsluse_ssh *ssh) {
    if (!ssh->failure) ssh->failure = EPIPE;
    shutdown(ssh->socket, SHUT_RDWR);
}

void filsluse_ssh_free(filsluse_ssh *ssh) {
    filsluse_ssh_break(ssh);
    // Each fails at once on the broken socket; the bound is for a libssh2 that does not see it so.
    for (int tries = 0; ssh->channel && tries < 100; tries++)
        if (libssh2_channel_free(ssh->channel) != LIBSSH2_ERROR_EAGAIN) ssh->channel = NULL;
    for (int tries = 0; tries < 100; tries++)
        if (libssh2_session_free(ssh->session) != LIBSSH2_ERROR_EAGAIN) break;
    if (ssh->queue) OPENSSL_cleanse(ssh->queue, ssh->queue_capacity);
    free(ssh->queue);
    filsluse_signing_end(&ssh->signing);
    free(ssh);
}

/// libssh2's numbers for a method towards the server and from it.
static const int methods[][2] = {
    [FILSLUSE_SSH_KEX] = {LIBSSH2_METHOD_KEX, LIBSSH2_METHOD_KEX},
    [FILSLUSE_SSH_HOST_KEY] = {LIBSSH2_METHOD_HOSTKEY, LIBSSH2_METHOD_HOSTKEY},
    [FILSLUSE_SSH_CIPHER] = {LIBSSH2_METHOD_CRYPT_CS, LIBSSH2_METHOD_CRYPT_SC},
    [FILSLUSE_SSH_MAC] = {LIBSSH2_METHOD_MAC_CS, LIBSSH2_METHOD_MAC_SC},
};

int filsluse_ssh_has(filsluse_ssh *ssh, filsluse_ssh_method method, const char *name) {
    const char **names = NULL;
    int count = libssh2_session_supported_algs(ssh->session, methods[method][0], &names);
    int found = 0;
    for (int index = 0; index < count && !found; index++) found = strcmp(names[index], name) == 0;
    if (count > 0) libssh2_free(ssh->session, (void *)names);
    return found;
}

int filsluse_ssh_offer(filsluse_ssh *ssh, filsluse_ssh_method method, const char *names) {
    int code = libssh2_session_method_pref(ssh->session, methods[method][0], names);
    return code ? code : libssh2_session_method_pref(ssh->session, methods[method][1], names);
}

int filsluse_ssh_handshake(filsluse_ssh *ssh) { return libssh2_session_handshake(ssh->session, ssh->socket); }

const char *filsluse_ssh_agreed(filsluse_ssh *ssh, filsluse_ssh_method method) {
    return libssh2_session_methods(ssh->session, methods[method][0]);
}

const uint8_t *filsluse_ssh_host_key(filsluse_ssh *ssh, size_t *count) {
    int type;
    return (const uint8_t *)libssh2_session_hostkey(ssh->session, count, &type);
}

int filsluse_ssh_login(filsluse_ssh *ssh, const char *user, size_t user_count, const void *key, size_t key_count,
                       const char *passphrase) {
    return libssh2_userauth_publickey_frommemory(ssh->session, user, user_count, NULL, 0, key, key_count, passphrase);
}

int filsluse_ssh_login_signing(filsluse_ssh *ssh, const char *user, filsluse_bytes key) {
    return filsluse_signing_login(&ssh->signing, ssh->session, user, key);
}

int filsluse_ssh_prefer_signatures(filsluse_ssh *ssh, const char *algorithms) {
    return filsluse_signing_prefer(ssh->session, algorithms);
}

filsluse_bytes filsluse_ssh_to_sign(const filsluse_ssh *ssh) {
    return (filsluse_bytes){ssh->signing.request, ssh->signing.request_count};
}

void filsluse_ssh_give_signature(filsluse_ssh *ssh, filsluse_bytes signature) {
    filsluse_signing_give(&ssh->signing, signature);
}

int filsluse_ssh_list_methods(filsluse_ssh *ssh, const char *user, unsigned user_count, const char **methods) {
    *methods = libssh2_userauth_list(ssh->session, user, user_count);
    if (*methods || libssh2_userauth_authenticated(ssh->session)) return 0;
    int code = libssh2_session_last_errno(ssh->session);
    return code ? code : LIBSSH2_ERROR_PROTO;
}

const char *filsluse_ssh_error_text(filsluse_ssh *ssh) {
    char *text = NULL;
    libssh2_session_last_error(ssh->session, &text, NULL, 0);
    return text ? text : "";
}

// The channel

int filsluse_ssh_open_channel(filsluse_ssh *ssh, unsigned window) {
    if (!ssh->channel)
        ssh->channel =
            libssh2_channel_open_ex(ssh->session, "session", 7, window, LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
    return ssh->channel ? 0 : libssh2_session_last_errno(ssh->session);
}

int filsluse_ssh_start_subsystem(filsluse_ssh *ssh, const char *name) {
    return libssh2_channel_subsystem(ssh->channel, name);
}

/// Takes what the server's SFTP program has written on its standard error off the session, and keeps the beginning.
/// Unread it would fill the session and hide the channel's end. To be called when no data is left to read: libssh2 tells
/// of the two together. Returns 1 if there was any: what has come meanwhile is then with libssh2, and no longer with the
/// socket; 0 if there was none, and a negative code if the connection failed.
static int keep_complaints(filsluse_ssh *ssh) {
    uint8_t bytes[COMPLAINTS_CAPACITY];
    int was_any = 0;
    while (libssh2_poll_channel_read(ssh->channel, 1) > 0) {
        was_any = 1;
        ssize_t count = libssh2_channel_read_stderr(ssh->channel, (char *)bytes, sizeof bytes);
        if (count < 0 && count != LIBSSH2_ERROR_EAGAIN) return (int)count;
        if (count <= 0) break;
        size_t room = COMPLAINTS_CAPACITY - ssh->complaints_count;
        size_t kept = (size_t)count < room ? (size_t)count : room;
        memcpy(ssh->complaints + ssh->complaints_count, bytes, kept);
        ssh->complaints_count += kept;
    }
    return was_any;
}

ssize_t filsluse_ssh_read(filsluse_ssh *ssh, void *bytes, size_t capacity) {
    ssize_t count = libssh2_channel_read(ssh->channel, bytes, capacity);
    if (count != 0 && count != LIBSSH2_ERROR_EAGAIN) return count;
    int was_any = keep_complaints(ssh);
    if (was_any < 0) return was_any;
    return was_any ? libssh2_channel_read(ssh->channel, bytes, capacity) : count;
}

ssize_t filsluse_ssh_write(filsluse_ssh *ssh, const void *bytes, size_t count) {
    return libssh2_channel_write(ssh->channel, bytes, count);
}

int filsluse_ssh_is_at_end(filsluse_ssh *ssh) { return libssh2_channel_eof(ssh->channel); }

int filsluse_ssh_wait_closed(filsluse_ssh *ssh) {
    int code = libssh2_channel_wait_closed(ssh->channel);
    int was_any = keep_complaints(ssh);
    return was_any < 0 ? was_any : code;
}

const uint8_t *filsluse_ssh_complaints(const filsluse_ssh *ssh, size_t *count) {
    *count = ssh->complaints_count;
    return ssh->complaints;
}

int filsluse_ssh_exit_status(filsluse_ssh *ssh) {
    return ssh->channel ? libssh2_channel_get_exit_status(ssh->channel) : 0;
}

int filsluse_ssh_goodbye(filsluse_ssh *ssh, int waits) {
    if (ssh->channel) {
        int code = libssh2_channel_close(ssh->channel);
        if (code == LIBSSH2_ERROR_EAGAIN && waits) return code;
    }
    return libssh2_session_disconnect(ssh->session, "done");
}
