// What the releases of PostgreSQL that the extension supports do differently, under one name each: the only place that
// compares PG_VERSION_NUM. Part of prelude.hpp, which every file includes instead.
#pragma once

#if PG_VERSION_NUM < 150000
#error "threefactor needs PostgreSQL 15 or later"
#endif

// PostgreSQL 16 checks objects of all kinds by one function; the names are those of 15.
#if PG_VERSION_NUM >= 160000
inline bool pg_database_ownercheck(Oid database, Oid role) {
  return object_ownercheck(DatabaseRelationId, database, role);
}
inline bool pg_extension_ownercheck(Oid extension, Oid role) {
  return object_ownercheck(ExtensionRelationId, extension, role);
}
inline bool pg_class_ownercheck(Oid relation, Oid role) {
  return object_ownercheck(RelationRelationId, relation, role);
}
inline AclResult pg_database_aclcheck(Oid database, Oid role, AclMode mode) {
  return object_aclcheck(DatabaseRelationId, database, role, mode);
}
inline AclResult pg_namespace_aclcheck(Oid schema, Oid role, AclMode mode) {
  return object_aclcheck(NamespaceRelationId, schema, role, mode);
}
#endif

// Declared here as in utils/pg_locale.h, which includes the headers of ICU; the package of the server's headers does
// not bring them.
extern "C" PGDLLIMPORT char* locale_monetary;

namespace threefactor::pg {

// A wait event set that lives as long as the process.
inline WaitEventSet* CreateLastingWaitEventSet(int events) {
#if PG_VERSION_NUM >= 170000
  return CreateWaitEventSet(nullptr, events);
#else
  return CreateWaitEventSet(TopMemoryContext, events);
#endif
}

// A lexer for pg_parse_json over text in the server's encoding; `unescapes`: an escape that stands for no character is
// an error too. In the current memory context; the text must outlive it.
inline JsonLexContext* MakeJsonLexer(const char* text, size_t length, bool unescapes = false) {
#if PG_VERSION_NUM >= 170000
  return makeJsonLexContextCstringLen(nullptr, text, length, GetDatabaseEncoding(), unescapes);
#else
  return makeJsonLexContextCstringLen(const_cast<char*>(text), static_cast<int>(length), GetDatabaseEncoding(),
                                      unescapes);
#endif
}

// How the columns of one descriptor stand in the other; null where they stand alike.
inline AttrMap* MapByName(TupleDesc in, TupleDesc out) {
#if PG_VERSION_NUM >= 160000
  return build_attrmap_by_name_if_req(in, out, false);
#else
  return build_attrmap_by_name_if_req(in, out);
#endif
}

// Enters an inserted row into the indexes of its table.
inline void InsertIndexTuples(ResultRelInfo* table, TupleTableSlot* row, EState* state) {
#if PG_VERSION_NUM >= 160000
  (void)ExecInsertIndexTuples(table, row, state, false, false, nullptr, NIL, false);
#else
  (void)ExecInsertIndexTuples(table, row, state, false, false, nullptr, NIL);
#endif
}

// Releases what the index's method kept for the insertions of this command; before the index is closed.
inline void EndIndexInsertion(Relation index, IndexInfo* info) {
#if PG_VERSION_NUM >= 170000
  index_insert_cleanup(index, info);
#else
  (void)index, (void)info;  // no method keeps anything
#endif
}

// The oldest transaction whose commit status is still kept. The caller holds XactTruncationLock.
inline TransactionId OldestXidWithStatus() {
#if PG_VERSION_NUM >= 170000
  return TransamVariables->oldestClogXid;
#else
  return ShmemVariableCache->oldestClogXid;
#endif
}

// Reads a setting that a session may define or not, many times.
class StringSetting {
 public:
  constexpr explicit StringSetting(const char* name) : name_(name) {}

  // Null where the session has no such setting.
  const char* Value() {
#if PG_VERSION_NUM >= 160000
    config_generic* const found = find_option(name_, false, true, ERROR);
    return found && found->vartype == PGC_STRING ? *reinterpret_cast<config_string*>(found)->variable : nullptr;
#else
    config_generic** const all = get_guc_variables();
    const int count = GetNumConfigOptions();
    const auto is_here = [&] {
      return place_ < count && pg_strcasecmp(all[place_]->name, name_) == 0 && all[place_]->vartype == PGC_STRING;
    };
    if (setting_count_ != count || (place_ < count && !is_here())) {
      setting_count_ = count;
      for (place_ = 0; place_ < count && !is_here();) place_++;
    }
    return place_ < count ? *reinterpret_cast<config_string*>(all[place_])->variable : nullptr;
#endif
  }

 private:
  const char* const name_;
#if PG_VERSION_NUM < 160000
  // Where the setting is in the table of all settings, as long as that has so many: the search of GetConfigOption costs
  // as much as rendering a row.
  int place_ = 0;
  int setting_count_ = 0;
#endif
};

}  // namespace threefactor::pg
