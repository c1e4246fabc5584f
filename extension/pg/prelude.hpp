// The only place that includes Postgres headers. Files that include it follow the Postgres regime (README.md): they may
// call anything that raises, and own nothing that a longjmp would leak.
#pragma once

extern "C" {
// clang-format off
#include <postgres.h>
#include <fmgr.h>
#include <miscadmin.h>
#include <access/attmap.h>
#include <access/genam.h>
#include <access/heapam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/tableam.h>
#include <access/transam.h>
#include <access/xact.h>
#include <access/xlog.h>
#include <catalog/namespace.h>
#include <catalog/pg_database.h>
#include <catalog/pg_extension.h>
#include <catalog/pg_namespace.h>
#include <catalog/pg_type.h>
#include <commands/extension.h>
#include <commands/trigger.h>
#include <common/jsonapi.h>
#include <executor/executor.h>
#include <executor/spi.h>
#include <mb/pg_wchar.h>
#include <postmaster/bgworker.h>
#include <postmaster/interrupt.h>
#include <storage/ipc.h>
#include <storage/latch.h>
#include <storage/lmgr.h>
#include <storage/lwlock.h>
#include <storage/proc.h>
#include <storage/procarray.h>
#include <storage/shmem.h>
#include <storage/spin.h>
#include <tcop/utility.h>
#include <utils/acl.h>
#include <utils/backend_status.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/guc.h>
#include <utils/guc_tables.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
#include <utils/timestamp.h>
#include <utils/uuid.h>
// clang-format on
}

// Postgres redefines these as macros; C++ code must see the plain names.
#undef printf
#undef fprintf
#undef vprintf
#undef vfprintf
#undef snprintf
#undef vsnprintf
#undef sprintf
#undef vsprintf
#undef strerror
#undef strerror_r
#undef gettext
#undef dgettext
#undef ngettext
#undef dngettext

// Declares a function that SQL calls, exported from the library (everything else is hidden). At file scope.
#define THREEFACTOR_SQL_FUNCTION(name)      \
  extern "C" {                              \
  PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
  PG_FUNCTION_INFO_V1(name);                \
  }                                         \
  static_assert(true, "takes the semicolon")

#include "pg/versions.hpp"
