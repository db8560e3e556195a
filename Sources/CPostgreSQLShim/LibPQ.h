#pragma once

// The part of libpq's interface that this package uses. libpq is loaded at run time, so nothing needs its headers; where
// they are installed (libpq-dev), the compiler compares these declarations with them. The interface of libpq.so.5 only
// ever grows: values keep their meaning, and functions their parameters.

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
typedef unsigned int Oid;

#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
typedef struct _PQconninfoOption {
    char *keyword, *envvar, *compiled, *val, *label, *dispchar;
    int dispsize;
} PQconninfoOption;

typedef void (*PQnoticeProcessor)(void *argument, const char *message);
#define PG_DIAG_SQLSTATE 'C'
#define PG_DIAG_MESSAGE_PRIMARY 'M'
#define PG_DIAG_TABLE_NAME 't'
#endif

// An enum is an unsigned int in C's eyes.
PGconn *PQconnectStartParams(const char *const *keywords, const char *const *values, int expand_dbname);
unsigned int PQconnectPoll(PGconn *connection);
PQconninfoOption *PQconninfoParse(const char *address, char **message);
PQconninfoOption *PQconninfo(PGconn *connection);
void PQconninfoFree(PQconninfoOption *options);
void PQfinish(PGconn *connection);
int PQsocket(const PGconn *connection);
void *PQsslStruct(PGconn *connection, const char *library);
unsigned int PQstatus(const PGconn *connection);
int PQbackendPID(const PGconn *connection);
char *PQerrorMessage(const PGconn *connection);
int PQconnectionNeedsPassword(const PGconn *connection);
unsigned int PQsetErrorVerbosity(PGconn *connection, unsigned int verbosity);
PQnoticeProcessor PQsetNoticeProcessor(PGconn *connection, PQnoticeProcessor processor, void *argument);
int PQsetnonblocking(PGconn *connection, int isNonBlocking);
int PQsendQueryParams(PGconn *connection, const char *sql, int count, const Oid *types, const char *const *values,
                      const int *lengths, const int *formats, int result_format);
int PQsendPrepare(PGconn *connection, const char *name, const char *sql, int count, const Oid *types);
int PQsendQueryPrepared(PGconn *connection, const char *name, int count, const char *const *values, const int *lengths,
                        const int *formats, int result_format);
int PQenterPipelineMode(PGconn *connection);
int PQexitPipelineMode(PGconn *connection);
int PQpipelineSync(PGconn *connection);
int PQsendFlushRequest(PGconn *connection);
int PQflush(PGconn *connection);
int PQconsumeInput(PGconn *connection);
int PQisBusy(PGconn *connection);
PGresult *PQgetResult(PGconn *connection);
unsigned int PQresultStatus(const PGresult *result);
char *PQresultErrorField(const PGresult *result, int field);
int PQntuples(const PGresult *result);
int PQnfields(const PGresult *result);
Oid PQftype(const PGresult *result, int column);
int PQgetisnull(const PGresult *result, int row, int column);
int PQgetlength(const PGresult *result, int row, int column);
char *PQgetvalue(const PGresult *result, int row, int column);
char *PQcmdTuples(PGresult *result);
char *PQcmdStatus(PGresult *result);
void PQclear(PGresult *result);
void PQfreemem(void *memory);
