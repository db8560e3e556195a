#include <stdlib.h>
#include <string.h>

#include "CSSHShim.h"
#include "Signing.h"

// In libssh2's header since 1.11.
#ifndef LIBSSH2_METHOD_SIGN_ALGO
#define LIBSSH2_METHOD_SIGN_ALGO 10
#endif

static uint8_t *copy(const uint8_t *bytes, size_t count) {
    uint8_t *copied = malloc(count ? count : 1);
    if (copied) memcpy(copied, bytes, count);
    return copied;
}

static void forget(struct filsluse_signing *signing) {
    free(signing->request);
    free(signing->signature);
    *signing = (struct filsluse_signing){0};
}

/// libssh2 asks again after each LIBSSH2_ERROR_EAGAIN, with the same request.
static int sign(LIBSSH2_SESSION *session, unsigned char **signature, size_t *count, const unsigned char *request,
                size_t request_count, void **abstract) {
    struct filsluse_signing *signing = *abstract;
    (void)session;
    switch (signing->state) {
        case FILSLUSE_SIGNING_IDLE:
            signing->request = copy(request, request_count);
            if (!signing->request) return LIBSSH2_ERROR_ALLOC;
            signing->request_count = request_count;
            signing->state = FILSLUSE_SIGNING_WANTED;
            return LIBSSH2_ERROR_EAGAIN;
        case FILSLUSE_SIGNING_WANTED: return LIBSSH2_ERROR_EAGAIN;
        case FILSLUSE_SIGNING_GIVEN:
            *signature = signing->signature;  // libssh2 frees it: its allocator is the system's
            *count = signing->signature_count;
            signing->signature = NULL;
            forget(signing);
            return 0;
        default: forget(signing); return -1;
    }
}

int filsluse_signing_login(struct filsluse_signing *signing, LIBSSH2_SESSION *session, const char *user,
                           filsluse_bytes key) {
    void *abstract = signing;
    int code = libssh2_userauth_publickey(session, user, key.start, key.count, sign, &abstract);
    return code == LIBSSH2_ERROR_EAGAIN && signing->state == FILSLUSE_SIGNING_WANTED ? FILSLUSE_SSH_SIGNATURE_WANTED
                                                                                     : code;
}

void filsluse_signing_give(struct filsluse_signing *signing, filsluse_bytes signature) {
    signing->signature = signature.count > 0 ? copy(signature.start, signature.count) : NULL;
    signing->signature_count = signature.count;
    signing->state = signing->signature ? FILSLUSE_SIGNING_GIVEN : FILSLUSE_SIGNING_REFUSED;
}

int filsluse_signing_prefer(LIBSSH2_SESSION *session, const char *algorithms) {
    return libssh2_session_method_pref(session, LIBSSH2_METHOD_SIGN_ALGO, algorithms);
}

void filsluse_signing_end(struct filsluse_signing *signing) { forget(signing); }
