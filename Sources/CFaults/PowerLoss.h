#pragma once
#include <stdbool.h>

// What would be gone if the power failed now: what was written and not synced, and names whose folder was not synced.
//
// A file that is longer than it was when it was last synced loses the rest. A file that was made or renamed under a name
// whose folder was not synced since is gone, or has its old name again. What was overwritten or removed stays so.

// A file is about to be written to or cut.
void unsaved_content(int descriptor);
// A file was made where there was none.
void unsaved_name(int folder, const char *name);
void unsaved_rename(int folder, const char *name, int new_folder, const char *new_name);
// A file or a folder was synced.
void saved(int descriptor);
// Takes back all that was not saved.
void lose_unsaved(void);
