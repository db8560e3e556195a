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

/// Bytes that belong to somebody else.
typedef struct {
    const uint8_t *start;
    size_t count;
} filsluse_bytes;

/// The answer of filsluse_ssh_login_signing while it waits for filsluse_ssh_give_signature.
#define FILSLUSE_SSH_SIGNATURE_WANTED 1

/// Logs in with a key of which the session knows the public half alone; call again while it returns -37, and after
/// filsluse_ssh_give_signature.
int filsluse_ssh_login_signing(filsluse_ssh *ssh, const char *user, filsluse_bytes key);

/// Has libssh2 1.11 agree with the server on one of these algorithms for RSA keys; a code on 1.10, which knows no such.
int filsluse_ssh_prefer_signatures(filsluse_ssh *ssh, const char *algorithms);

/// The bytes that the wanted signature is over (RFC 4252 section 7).
filsluse_bytes filsluse_ssh_to_sign(const filsluse_ssh *ssh);

/// Hands in the signature without the name of its algorithm; no bytes where there is none, which ends the try.
void filsluse_ssh_give_signature(filsluse_ssh *ssh, filsluse_bytes signature);

/// Asks the server for the methods that can go on; 0 once `methods` has them (NULL: the user is in), or a code.
int filsluse_ssh_list_methods(filsluse_ssh *ssh, const char *user, unsigned user_count, const char **methods);

/// A private key (RSA, ECDSA on a curve of NIST's, Ed25519) held by libcrypto.
typedef struct filsluse_key filsluse_key;

/// Why a file gave no key.
typedef enum {
    FILSLUSE_KEY_DAMAGED,
    /// Encrypted, and the passphrase is wrong or missing, or the encrypted part is damaged.
    FILSLUSE_KEY_NOT_OPENED,
    /// Of a kind or encrypted in a way that libcrypto does not offer.
    FILSLUSE_KEY_UNSUPPORTED,
} filsluse_key_trouble;

/// Reads a private key in one of PEM's forms; NULL where that fails.
filsluse_key *filsluse_key_from_pem(const void *bytes, size_t count, const char *passphrase,
                                    filsluse_key_trouble *trouble);

/// Makes an RSA key of its modulus, public and private exponent; NULL when they are none.
filsluse_key *filsluse_key_rsa(filsluse_bytes n, filsluse_bytes e, filsluse_bytes d);

/// Makes an ECDSA key of SSH's name for its curve, its point and its secret number; NULL when they are none.
filsluse_key *filsluse_key_ec(const char *curve, filsluse_bytes point, filsluse_bytes d);

/// Makes an Ed25519 key of its 32 secret bytes; NULL when they are none.
filsluse_key *filsluse_key_ed25519(filsluse_bytes seed);

int filsluse_key_bits(const filsluse_key *key);

/// libcrypto's name for the kind of key.
const char *filsluse_key_type(const filsluse_key *key);

void filsluse_key_free(filsluse_key *key);

/// Writes the public key as it goes over the wire; its size, or 0 for a kind or curve that SSH has no name for.
size_t filsluse_key_public(const filsluse_key *key, uint8_t *room, size_t capacity);

/// Writes a signature by an algorithm that SSH names, without that name; its size, or 0. Never SHA-1.
size_t filsluse_key_sign(const filsluse_key *key, const char *algorithm, filsluse_bytes request, uint8_t *room,
                         size_t capacity);

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

/// Once the server has ended the channel: waits until it closes it, before which it tells how its program ended; call
/// again while it returns -37.
int filsluse_ssh_wait_closed(filsluse_ssh *ssh);

/// The beginning of what the server's SFTP program has written on its standard error.
const uint8_t *filsluse_ssh_complaints(const filsluse_ssh *ssh, size_t *count);

/// The exit status of the server's SFTP program (RFC 4254 section 6.10); 0 also where the server told none
/// and where there is no channel.
int filsluse_ssh_exit_status(filsluse_ssh *ssh);

/// Closes the channel and says goodbye; call again while it returns -37. With `waits` it waits for the server to close the
/// channel as well, which it does when it has carried out every request.
int filsluse_ssh_goodbye(filsluse_ssh *ssh, int waits);

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

