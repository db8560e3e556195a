#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// libssh2 as this package uses it: one session, one channel, never blocking. No header of libssh2 reaches Swift.
// A session belongs to one thread. Codes are libssh2's own (0 done, -37 try again later, other negatives failures).

/// A libssh2 session on a connected socket, with its send queue and its one channel.
typedef struct filsluse_ssh filsluse_ssh;

/// Initialises libssh2 once for the process; 0 or libssh2's code.
int filsluse_ssh_initialize(void);

/// Whether the libssh2 at run time is at least this version (0x010b00 is 1.11.0).
int filsluse_ssh_is_at_least(int version);

/// The version of libssh2 at run time.
const char *filsluse_ssh_version(void);

/// A session on a connected, non-blocking socket, which stays the caller's to close. NULL without memory.
filsluse_ssh *filsluse_ssh_new(int socket);

/// Frees session and channel. Says goodbye only as far as that needs no waiting; call filsluse_ssh_break first.
void filsluse_ssh_free(filsluse_ssh *ssh);

/// From now on nothing is sent or received: every call fails at once instead of waiting for the peer.
void filsluse_ssh_break(filsluse_ssh *ssh);

typedef enum {
    FILSLUSE_SSH_KEX,
    FILSLUSE_SSH_HOST_KEY,
    FILSLUSE_SSH_CIPHER,
    FILSLUSE_SSH_MAC,
} filsluse_ssh_method;

/// Whether the libssh2 at run time has an algorithm.
int filsluse_ssh_has(filsluse_ssh *ssh, filsluse_ssh_method method, const char *name);

/// Offers only these algorithms, in this order; names unknown to libssh2 are left out.
int filsluse_ssh_offer(filsluse_ssh *ssh, filsluse_ssh_method method, const char *names);

int filsluse_ssh_handshake(filsluse_ssh *ssh);

/// The algorithm agreed upon; NULL before the handshake.
const char *filsluse_ssh_agreed(filsluse_ssh *ssh, filsluse_ssh_method method);

/// The server's host key as it came over the wire; NULL before the handshake.
const uint8_t *filsluse_ssh_host_key(filsluse_ssh *ssh, size_t *count);

/// Logs in with a private key held in memory.
int filsluse_ssh_login(filsluse_ssh *ssh, const char *user, size_t user_count, const void *key, size_t key_count,
                       const char *passphrase);

/// An RSA private key held by libcrypto, which makes the signatures that libssh2 1.10 cannot make.
typedef struct filsluse_rsa filsluse_rsa;

/// Bytes that belong to somebody else.
typedef struct {
    const uint8_t *start;
    size_t count;
} filsluse_bytes;

/// Reads an RSA key in one of PEM's forms; NULL when it is none or the passphrase is wrong.
filsluse_rsa *filsluse_rsa_from_pem(const void *bytes, size_t count, const char *passphrase);

/// Makes an RSA key of its modulus, public and private exponent; NULL when they are none.
filsluse_rsa *filsluse_rsa_from_numbers(filsluse_bytes n, filsluse_bytes e, filsluse_bytes d);

int filsluse_rsa_bits(const filsluse_rsa *rsa);
void filsluse_rsa_free(filsluse_rsa *rsa);

/// Logs in with an RSA key, signing by SHA-512 or SHA-256, never SHA-1. The key must live as long as the session.
/// libssh2 before 1.11 is given the signature's kind, `rsa-sha2-512` or `rsa-sha2-256`; later ones agree on it with the
/// server.
int filsluse_ssh_login_rsa(filsluse_ssh *ssh, const char *user, filsluse_rsa *rsa, const char *name);

/// Opens the channel; 0 once it is there.
int filsluse_ssh_open_channel(filsluse_ssh *ssh, unsigned window);

/// Starts a subsystem on the channel.
int filsluse_ssh_start_subsystem(filsluse_ssh *ssh, const char *name);

/// Bytes read, 0 (see filsluse_ssh_is_at_end), or a code.
ssize_t filsluse_ssh_read(filsluse_ssh *ssh, void *bytes, size_t capacity);

/// Bytes taken (0: the peer's window is full), or a code.
ssize_t filsluse_ssh_write(filsluse_ssh *ssh, const void *bytes, size_t count);

/// Whether the server has ended or closed the channel.
int filsluse_ssh_is_at_end(filsluse_ssh *ssh);

/// Closes the channel and says goodbye; call again while it returns -37.
int filsluse_ssh_goodbye(filsluse_ssh *ssh);

/// Sends what waits in the send queue: 0, or a negative errno. What is left shows in filsluse_ssh_queued.
int filsluse_ssh_flush(filsluse_ssh *ssh);

/// Bytes that wait for the socket.
size_t filsluse_ssh_queued(const filsluse_ssh *ssh);

/// Bytes that the socket has taken and given so far: a measure of progress.
uint64_t filsluse_ssh_moved(const filsluse_ssh *ssh);

/// Bytes that the socket has given so far.
uint64_t filsluse_ssh_received(const filsluse_ssh *ssh);

/// The first bytes the server sent, readable until encryption begins: its banner and the algorithms it offers.
const uint8_t *filsluse_ssh_opening(const filsluse_ssh *ssh, size_t *count);

/// Whether the server has begun to tell its version of SSH; lines before that are text for people.
int filsluse_ssh_is_identified(const filsluse_ssh *ssh);

/// Whether nothing more can come: the stream ended or failed, or the server sent SSH_MSG_DISCONNECT.
int filsluse_ssh_has_ended(const filsluse_ssh *ssh);

/// The description and the reason of the server's SSH_MSG_DISCONNECT (RFC 4253 section 11.1); 0 where none came.
const uint8_t *filsluse_ssh_last_words(const filsluse_ssh *ssh, int *reason, size_t *count);

/// libssh2's text for the last failure; copy it at once.
const char *filsluse_ssh_error_text(filsluse_ssh *ssh);

/// HMAC-SHA1, as OpenSSH hashes names in known_hosts; 1 when the 20 bytes were written.
int filsluse_ssh_hmac_sha1(const void *key, size_t key_count, const void *bytes, size_t count, uint8_t code[20]);

/// Overwrites a secret in a way the compiler does not remove.
void filsluse_ssh_cleanse(void *bytes, size_t count);
