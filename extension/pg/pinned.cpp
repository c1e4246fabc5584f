#include "pg/pinned.hpp"

namespace threefactor::pg {

namespace {

struct Setting {
  const char* name;
  const char* value;
};

// Of rights: also for what users' statements do.
constexpr Setting kRights[] = {{"session_replication_role", "origin"}, {"row_security", "on"}};

// Settings of later versions of Postgres among them.
constexpr Setting kSettings[] = {{"search_path", "pg_catalog"},
                                 // Transactions, and what ends them.
                                 {"default_transaction_isolation", "read committed"},
                                 {"default_transaction_read_only", "off"},
                                 {"default_transaction_deferrable", "off"},
                                 {"statement_timeout", "0"},
                                 {"lock_timeout", "0"},
                                 {"idle_in_transaction_session_timeout", "0"},
                                 {"idle_session_timeout", "0"},
                                 {"transaction_timeout", "0"},
                                 {"exit_on_error", "off"},
                                 // What a text or a value means.
                                 {"DateStyle", "ISO, MDY"},
                                 {"IntervalStyle", "postgres"},
                                 {"TimeZone", "UTC"},
                                 {"bytea_output", "hex"},
                                 {"extra_float_digits", "1"},
                                 {"xmlbinary", "base64"},
                                 {"standard_conforming_strings", "on"},
                                 {"backslash_quote", "safe_encoding"},
                                 {"escape_string_warning", "off"},
                                 {"array_nulls", "on"},
                                 {"transform_null_equals", "off"},
                                 {"quote_all_identifiers", "off"},
                                 {"plpgsql.variable_conflict", "error"},
                                 {"plpgsql.extra_errors", "none"},
                                 {"plpgsql.extra_warnings", "none"},
                                 // Where partitions and sorts go.
                                 {"default_tablespace", ""},
                                 {"temp_tablespaces", ""},
                                 {"default_table_access_method", "heap"},
                                 // Plans: by the indexes made for our statements.
                                 {"enable_seqscan", "off"},
                                 {"enable_bitmapscan", "off"},
                                 {"enable_indexscan", "on"},
                                 {"enable_indexonlyscan", "on"},
                                 {"enable_sort", "on"},
                                 {"enable_nestloop", "on"},
                                 {"enable_hashjoin", "on"},
                                 {"enable_mergejoin", "on"},
                                 {"enable_hashagg", "on"},
                                 {"max_parallel_workers_per_gather", "0"},
                                 {"force_parallel_mode", "off"},
                                 {"debug_parallel_query", "off"},
                                 {"plan_cache_mode", "auto"},
                                 {"jit", "off"},
                                 // What pg_stat_activity shows of us.
                                 {"track_activities", "on"}};

void Pin(const Setting& setting, GucAction action) {
  if (strchr(setting.name, '.') == nullptr && !GetConfigOption(setting.name, true, false)) return;
  (void)set_config_option(setting.name, setting.value, PGC_SUSET, PGC_S_SESSION, action, true, 0, false);
}

// The role last: setting the session's user takes it away. REQUIRES: a transaction.
void PinRole(GucAction action) {
  Pin({"session_authorization", GetUserNameFromId(GetAuthenticatedUserId(), false)}, action);
  Pin({"role", "none"}, action);
}

}  // namespace

void PinSession() {
  StartTransactionCommand();
  PinRole(GUC_ACTION_SET);
  for (const Setting& setting : kRights) Pin(setting, GUC_ACTION_SET);
  for (const Setting& setting : kSettings) Pin(setting, GUC_ACTION_SET);
  if (synchronous_commit < SYNCHRONOUS_COMMIT_ON) Pin({"synchronous_commit", "on"}, GUC_ACTION_SET);
  CommitTransactionCommand();
}

void PinRights() {
  PinRole(GUC_ACTION_LOCAL);
  for (const Setting& setting : kRights) Pin(setting, GUC_ACTION_LOCAL);
}

}  // namespace threefactor::pg
