#pragma once
#include <stdbool.h>

// What would be gone if the power failed now: what was written and not synced, and names whose folder was not synced.
//
// A file that is longer than it was when it was last synced loses the rest. A file that was made or renamed under a name
// whose folder was not synced since is gone, or has its old name again; one that was removed there is back. What was
// overwritten stays so.

// A file is about to be written to or cut.
void unsaved_content(int descriptor);
// A file was made where there was none.
void unsaved_name(int folder, const char *name);
void unsaved_rename(int folder, const char *name, int new_folder, const char *new_name);
// A file is about to be removed; it is kept for now in a folder of ours. Returns what unsaved_removal wants to know.
char *keep_before_removal(int folder, const char *name);
void unsaved_removal(int folder, const char *name, char *kept, bool is_removed);
// A file or a folder was synced.
void saved(int descriptor);
// All of the file system that a file lies on was synced.
void all_saved(int descriptor);
// Takes back all that was not saved.
void lose_unsaved(void);
