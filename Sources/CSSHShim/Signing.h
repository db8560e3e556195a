#pragma once

#include <libssh2.h>
#include <stddef.h>
#include <stdint.h>

/// A login's signature on its way: libssh2 asks for it and is put off until the session's owner has it.
struct filsluse_signing {
    uint8_t *request;
    size_t request_count;
    uint8_t *signature;
    size_t signature_count;
    enum { FILSLUSE_SIGNING_IDLE, FILSLUSE_SIGNING_WANTED, FILSLUSE_SIGNING_GIVEN, FILSLUSE_SIGNING_REFUSED } state;
};

/// Offers a public key and signs with what is given meanwhile; 1 where a signature is wanted, else libssh2's code.
int filsluse_signing_login(struct filsluse_signing *signing, LIBSSH2_SESSION *session, const char *user,
                           filsluse_bytes key);

void filsluse_signing_give(struct filsluse_signing *signing, filsluse_bytes signature);

int filsluse_signing_prefer(LIBSSH2_SESSION *session, const char *algorithms);

void filsluse_signing_end(struct filsluse_signing *signing);
