#pragma once

#include <stddef.h>
#include <stdint.h>

// libpq as this package uses it: never blocking, parameters and results in binary. No header of libpq reaches Swift.
// The library is loaded by filsluse_pq_load, which must have succeeded before any other call. A connection belongs to one
// thread at a time.

/// A connection.
typedef struct pg_conn filsluse_pq;

/// The answer to one statement; the caller frees it.
typedef struct pg_result filsluse_pq_result;

/// Loads libpq, once for the process. NULL where it is loaded, else the loader's words.
///
/// It is not linked: with the Kerberos, LDAP and TLS libraries that it brings along, it would add 15 ms to the start of
/// each command, and a package to each machine, of those who keep their journal in a file.
const char *filsluse_pq_load(void);

// Addresses

/// The options of an address or a connection; the caller frees them.
typedef struct _PQconninfoOption filsluse_pq_options;

/// Reads a URL or a line of `keyword=value`; NULL where it is neither. Says nothing more: libpq's words quote it.
filsluse_pq_options *filsluse_pq_parse(const char *address);

/// The options that a connection uses, with those from the environment and from service files.
filsluse_pq_options *filsluse_pq_options_of(filsluse_pq *connection);

/// The keyword and the value of an option, NULL where it has none; 0 after the last option.
int filsluse_pq_option(const filsluse_pq_options *options, size_t index, const char **keyword, const char **value);

void filsluse_pq_free_options(filsluse_pq_options *options);

// Connections

typedef enum {
    FILSLUSE_PQ_FAILED,
    FILSLUSE_PQ_READING,
    FILSLUSE_PQ_WRITING,
    FILSLUSE_PQ_CONNECTED,
} filsluse_pq_progress;

/// Begins to connect; NULL without memory. Only looking up a host's name waits. Nothing is sent before the first
/// filsluse_pq_go_on. Errors of this phase are told verbosely, with their codes.
filsluse_pq *filsluse_pq_start(const char *const *keywords, const char *const *values);

/// Goes on with connecting; the socket may be another one afterwards.
filsluse_pq_progress filsluse_pq_go_on(filsluse_pq *connection);

/// Ends the connecting: from here on no call waits for the server. -1 on failure.
int filsluse_pq_stop_waiting(filsluse_pq *connection);

/// Closes the connection and frees it.
void filsluse_pq_finish(filsluse_pq *connection);

/// The socket to poll; -1 where there is none.
int filsluse_pq_socket(const filsluse_pq *connection);

/// Whether the TLS library holds bytes that it has taken from the socket, so that no poll tells of them. libpq leaves some
/// there when a record is longer than the room in its buffer.
int filsluse_pq_holds_more(filsluse_pq *connection);

/// Whether the connection can still be used.
int filsluse_pq_is_usable(const filsluse_pq *connection);

/// The process id that the server, or a pooler before it, gave for the session.
int filsluse_pq_process(const filsluse_pq *connection);

/// Whether the server asked for a password, and there was none.
int filsluse_pq_lacks_password(const filsluse_pq *connection);

/// The last failure of the connection itself, in libpq's words.
const char *filsluse_pq_message(const filsluse_pq *connection);

// Statements: each returns 1 once the statement is on its way, 0 on failure.

/// Values by their bytes; NULL is SQL's NULL.
typedef struct {
    int count;
    const char *const *values;
    const int *lengths;
    /// 1 for each.
    const int *formats;
} filsluse_pq_values;

/// Sends a statement that is prepared for this once.
int filsluse_pq_send(filsluse_pq *connection, const char *sql, const uint32_t *types, filsluse_pq_values values);

int filsluse_pq_prepare(filsluse_pq *connection, const char *name, const char *sql, int count, const uint32_t *types);

int filsluse_pq_send_prepared(filsluse_pq *connection, const char *name, filsluse_pq_values values);

/// From here on statements are sent one after the other without awaiting their answers: a pipeline.
/// Each one's results end with a NULL, and the results of filsluse_pq_sync with none.
int filsluse_pq_begin_pipeline(filsluse_pq *connection);

/// Ends a group of statements: where one of them fails, the server passes over the rest of the group. The group's last
/// result is one of which filsluse_pq_is_sync holds.
int filsluse_pq_sync(filsluse_pq *connection);

/// Asks the server to send the answers to the statements until here at once: it may else keep them until the end of the
/// group.
int filsluse_pq_request_answers(filsluse_pq *connection);

/// Ends the pipeline, all results of which must have been read.
int filsluse_pq_end_pipeline(filsluse_pq *connection);

/// Sends what is still waiting: 0 when all is sent, 1 when the socket takes no more now, -1 on failure.
int filsluse_pq_flush(filsluse_pq *connection);

/// Reads what has come; 0 on failure.
int filsluse_pq_read(filsluse_pq *connection);

/// Whether filsluse_pq_next_result would wait.
int filsluse_pq_is_busy(filsluse_pq *connection);

/// The next result; NULL after the last one.
filsluse_pq_result *filsluse_pq_next_result(filsluse_pq *connection);

// Results

/// Whether the statement was carried out.
int filsluse_pq_is_success(const filsluse_pq_result *result);

/// Whether it is the end of a group of statements.
int filsluse_pq_is_sync(const filsluse_pq_result *result);

/// Whether the statement was passed over, because one before it in the group failed.
int filsluse_pq_is_passed_over(const filsluse_pq_result *result);

/// The SQLSTATE of a failure; NULL where libpq itself failed.
const char *filsluse_pq_code(const filsluse_pq_result *result);

/// The failure in one sentence, without the row's values that the server gives as a detail; NULL where there is none.
const char *filsluse_pq_failure(const filsluse_pq_result *result);

/// The table that a failure is about; NULL where there is none.
const char *filsluse_pq_table(const filsluse_pq_result *result);

int filsluse_pq_rows(const filsluse_pq_result *result);
int filsluse_pq_columns(const filsluse_pq_result *result);

/// The OID of a column's type.
uint32_t filsluse_pq_type(const filsluse_pq_result *result, int column);

/// The bytes of a value, valid as long as the result; NULL for SQL's NULL.
const uint8_t *filsluse_pq_value(const filsluse_pq_result *result, int row, int column, size_t *count);

/// The number of rows that a statement changed, in digits; an empty text where it changes none.
const char *filsluse_pq_changed(filsluse_pq_result *result);

/// The statement's kind, such as COMMIT.
const char *filsluse_pq_tag(filsluse_pq_result *result);

void filsluse_pq_free(filsluse_pq_result *result);
