#include "CPostgreSQLShim.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "LibPQ.h"

// Loading

#define FUNCTIONS(EACH)                                                                                                \
    EACH(PQconnectStartParams) EACH(PQconnectPoll) EACH(PQconninfoParse) EACH(PQconninfo) EACH(PQconninfoFree)         \
    EACH(PQfinish) EACH(PQsocket) EACH(PQstatus) EACH(PQbackendPID) EACH(PQerrorMessage) EACH(PQsetErrorVerbosity)     \
    EACH(PQsetNoticeProcessor) EACH(PQsetnonblocking) EACH(PQsendQueryParams) EACH(PQsendPrepare)                       \
    EACH(PQsendQueryPrepared) EACH(PQflush) EACH(PQconsumeInput) EACH(PQisBusy) EACH(PQgetResult)                      \
    EACH(PQresultStatus) EACH(PQresultErrorField) EACH(PQntuples) EACH(PQnfields) EACH(PQftype) EACH(PQgetisnull)      \
    EACH(PQgetlength) EACH(PQgetvalue) EACH(PQcmdTuples) EACH(PQcmdStatus) EACH(PQclear) EACH(PQfreemem)         \
    EACH(PQconnectionNeedsPassword) EACH(PQenterPipelineMode) EACH(PQexitPipelineMode) EACH(PQpipelineSync)     \
    EACH(PQsendFlushRequest) EACH(PQsslStruct)

/// libpq's functions by their names.
static struct {
#define MEMBER(name) __typeof__(name) *name;
    FUNCTIONS(MEMBER)
} pq;

/// OpenSSL's, which libpq brings along; NULL where libpq has no TLS, or another library for it.
static int (*SSL_pending)(const void *tls);

static char trouble[512];

static void load(void) {
    // It stays loaded: libpq keeps locks and TLS set-up of its own for the rest of the process.
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *words = dlerror();
        snprintf(trouble, sizeof trouble, "%s", words ? words : "libpq.so.5 cannot be loaded");
        return;
    }
#define FIND(name)                                                                                                     \
    if (!(pq.name = (__typeof__(pq.name))dlsym(library, #name))) snprintf(trouble, sizeof trouble, "libpq has no " #name);
    FUNCTIONS(FIND)
    SSL_pending = (__typeof__(SSL_pending))dlsym(library, "SSL_pending");
}

const char *filsluse_pq_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return trouble[0] ? trouble : NULL;
}

// Addresses

filsluse_pq_options *filsluse_pq_parse(const char *address) {
    char *message = NULL;
    filsluse_pq_options *options = pq.PQconninfoParse(address, &message);
    if (message) pq.PQfreemem(message);
    return options;
}

filsluse_pq_options *filsluse_pq_options_of(filsluse_pq *connection) { return pq.PQconninfo(connection); }

int filsluse_pq_option(const filsluse_pq_options *options, size_t index, const char **keyword, const char **value) {
    *keyword = options[index].keyword;
    *value = options[index].keyword ? options[index].val : NULL;
    return options[index].keyword != NULL;
}

void filsluse_pq_free_options(filsluse_pq_options *options) { pq.PQconninfoFree(options); }

// Connections

enum { CONNECTED = 0, VERBOSE = 2, DEFAULT_VERBOSITY = 1 };

/// libpq would write notices to standard error.
static void keep_quiet(void *argument, const char *message) {
    (void)argument;
    (void)message;
}

filsluse_pq *filsluse_pq_start(const char *const *keywords, const char *const *values) {
    PGconn *connection = pq.PQconnectStartParams(keywords, values, 0);
    if (!connection) return NULL;
    pq.PQsetNoticeProcessor(connection, keep_quiet, NULL);
    pq.PQsetErrorVerbosity(connection, VERBOSE);
    return connection;
}

filsluse_pq_progress filsluse_pq_go_on(filsluse_pq *connection) {
    switch (pq.PQconnectPoll(connection)) {
    case 1: return FILSLUSE_PQ_READING;
    case 2: return FILSLUSE_PQ_WRITING;
    case 3: return FILSLUSE_PQ_CONNECTED;
    default: return FILSLUSE_PQ_FAILED;
    }
}

int filsluse_pq_stop_waiting(filsluse_pq *connection) {
    pq.PQsetErrorVerbosity(connection, DEFAULT_VERBOSITY);
    return pq.PQsetnonblocking(connection, 1);
}

void filsluse_pq_finish(filsluse_pq *connection) { pq.PQfinish(connection); }

int filsluse_pq_socket(const filsluse_pq *connection) { return pq.PQsocket(connection); }

int filsluse_pq_holds_more(filsluse_pq *connection) {
    void *tls = SSL_pending ? pq.PQsslStruct(connection, "OpenSSL") : NULL;
    return tls && SSL_pending(tls) > 0;
}

int filsluse_pq_is_usable(const filsluse_pq *connection) { return pq.PQstatus(connection) == CONNECTED; }

int filsluse_pq_process(const filsluse_pq *connection) { return pq.PQbackendPID(connection); }

int filsluse_pq_lacks_password(const filsluse_pq *connection) { return pq.PQconnectionNeedsPassword(connection); }

const char *filsluse_pq_message(const filsluse_pq *connection) { return pq.PQerrorMessage(connection); }

// Statements

int filsluse_pq_send(filsluse_pq *connection, const char *sql, const uint32_t *types, filsluse_pq_values values) {
    return pq.PQsendQueryParams(connection, sql, values.count, types, values.values, values.lengths, values.formats, 1);
}

int filsluse_pq_prepare(filsluse_pq *connection, const char *name, const char *sql, int count, const uint32_t *types) {
    return pq.PQsendPrepare(connection, name, sql, count, types);
}

int filsluse_pq_send_prepared(filsluse_pq *connection, const char *name, filsluse_pq_values values) {
    return pq.PQsendQueryPrepared(connection, name, values.count, values.values, values.lengths, values.formats, 1);
}

int filsluse_pq_begin_pipeline(filsluse_pq *connection) { return pq.PQenterPipelineMode(connection); }

int filsluse_pq_sync(filsluse_pq *connection) { return pq.PQpipelineSync(connection); }

int filsluse_pq_request_answers(filsluse_pq *connection) { return pq.PQsendFlushRequest(connection); }

int filsluse_pq_end_pipeline(filsluse_pq *connection) { return pq.PQexitPipelineMode(connection); }

int filsluse_pq_flush(filsluse_pq *connection) { return pq.PQflush(connection); }

int filsluse_pq_read(filsluse_pq *connection) { return pq.PQconsumeInput(connection); }

int filsluse_pq_is_busy(filsluse_pq *connection) { return pq.PQisBusy(connection); }

filsluse_pq_result *filsluse_pq_next_result(filsluse_pq *connection) { return pq.PQgetResult(connection); }

// Results

enum { EMPTY_QUERY = 0, COMMAND_OK = 1, TUPLES_OK = 2, PIPELINE_SYNC = 10, PIPELINE_ABORTED = 11 };

int filsluse_pq_is_success(const filsluse_pq_result *result) {
    unsigned int status = pq.PQresultStatus(result);
    return status == EMPTY_QUERY || status == COMMAND_OK || status == TUPLES_OK;
}

int filsluse_pq_is_sync(const filsluse_pq_result *result) { return pq.PQresultStatus(result) == PIPELINE_SYNC; }

int filsluse_pq_is_passed_over(const filsluse_pq_result *result) {
    return pq.PQresultStatus(result) == PIPELINE_ABORTED;
}

const char *filsluse_pq_code(const filsluse_pq_result *result) {
    return pq.PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

const char *filsluse_pq_failure(const filsluse_pq_result *result) {
    return pq.PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

const char *filsluse_pq_table(const filsluse_pq_result *result) {
    return pq.PQresultErrorField(result, PG_DIAG_TABLE_NAME);
}

int filsluse_pq_rows(const filsluse_pq_result *result) { return pq.PQntuples(result); }

int filsluse_pq_columns(const filsluse_pq_result *result) { return pq.PQnfields(result); }

uint32_t filsluse_pq_type(const filsluse_pq_result *result, int column) { return pq.PQftype(result, column); }

const uint8_t *filsluse_pq_value(const filsluse_pq_result *result, int row, int column, size_t *count) {
    *count = 0;
    if (pq.PQgetisnull(result, row, column)) return NULL;
    *count = (size_t)pq.PQgetlength(result, row, column);
    return (const uint8_t *)pq.PQgetvalue(result, row, column);
}

const char *filsluse_pq_changed(filsluse_pq_result *result) { return pq.PQcmdTuples(result); }

const char *filsluse_pq_tag(filsluse_pq_result *result) { return pq.PQcmdStatus(result); }

void filsluse_pq_free(filsluse_pq_result *result) { pq.PQclear(result); }
