#pragma once

#include "CSSHShim.h"

struct _LIBSSH2_SESSION;

/// Logs in with an RSA key, signing by `name` where libssh2 does not agree on that; call again while it returns -37.
int filsluse_rsa_login(struct _LIBSSH2_SESSION *session, const char *user, filsluse_rsa *rsa, const char *name);
