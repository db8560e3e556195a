#include "CSSHShim.h"
