#pragma once

#include "CSSHShim.h"

struct _LIBSSH2_SESSION;

/// Logs in with an RSA key; call again while it returns -37.
int filsluse_rsa_login(struct _LIBSSH2_SESSION *session, const char *user, filsluse_rsa *rsa);
