// threefactor.claim and require_claims (sql/claims.sql): what the session is told about who asks. The document is the
// setting request.jwt.claims, else hasura.user; it is read at each call, since a session serves many. No error shows
// what it holds.
#include "pg/prelude.hpp"

#include "pg/errors.hpp"

extern "C" {
#include <utils/array.h>
#include <utils/fmgrprotos.h>
#include <utils/json.h>
}

namespace threefactor::rights {

namespace {

constexpr const char* kPrefix = "x-hasura-";

struct Claims {
  const char* setting;  // whose value it is
  text* document;       // null: there is none
};

const char* ValueOf(const char* setting) {
  const char* const value = GetConfigOption(setting, true, false);
  return value && *value ? value : nullptr;
}

// Raises unless the setting is a JSON object.
Claims Read() {
  Claims claims = {"request.jwt.claims", nullptr};
  const char* value = ValueOf(claims.setting);
  if (!value) {
    claims.setting = "hasura.user";
    value = ValueOf(claims.setting);
  }
  if (!value) return claims;
  const size_t length = strlen(value);
  const char* const start = value + strspn(value, " \t\r\n");
  if (*start != '{' || pg_parse_json(pg::MakeJsonLexer(value, length, true), &nullSemAction) != JSON_SUCCESS)
    ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the setting %s is no JSON object", claims.setting),
            errhint("It is set for each transaction, to an object like {\"x-hasura-user-id\": \"7\"}."));
  claims.document = cstring_to_text_with_len(value, static_cast<int>(length));
  return claims;
}

// Null: the document has no such member, or that is null.
text* Member(const Claims& claims, const char* name) {
  if (!claims.document) return nullptr;
  LOCAL_FCINFO(call, 2);
  InitFunctionCallInfoData(*call, nullptr, 2, InvalidOid, nullptr, nullptr);
  call->args[0] = {PointerGetDatum(claims.document), false};
  call->args[1] = {PointerGetDatum(cstring_to_text(name)), false};
  const Datum value = json_object_field_text(call);
  return call->isnull ? nullptr : DatumGetTextPP(value);
}

// The session variable that the name means: user_id, x-hasura-user-id and X-Hasura-User-Id are one.
char* VariableName(const char* name) {
  StringInfoData variable;
  initStringInfo(&variable);
  const bool has_prefix = pg_strncasecmp(name, kPrefix, strlen(kPrefix)) == 0;
  if (!has_prefix) appendStringInfoString(&variable, kPrefix);
  for (const char* c = name; *c; c++) {
    const char lower = static_cast<char>(pg_ascii_tolower(static_cast<unsigned char>(*c)));
    appendStringInfoChar(&variable, !has_prefix && lower == '_' ? '-' : lower);
  }
  return variable.data;
}

text* Find(const Claims& claims, const char* name) {
  const char* const variable = VariableName(name);
  text* const value = Member(claims, variable);
  const bool may_be_plain = strcmp(variable, name) != 0 && pg_strncasecmp(name, kPrefix, strlen(kPrefix)) != 0;
  return value || !may_be_plain ? value : Member(claims, name);
}

[[noreturn]] void RaiseMissing(const char* list) {
  ereport(ERROR, errcode(ERRCODE_THREEFACTOR_NO_SUCH_CLAIM), errmsg("missing session variables: %s", list));
  pg_unreachable();
}

}  // namespace

}  // namespace threefactor::rights

THREEFACTOR_SQL_FUNCTION(threefactor_claim);
THREEFACTOR_SQL_FUNCTION(threefactor_require_claims);

// (name text, missing_ok boolean) -> text
Datum threefactor_claim(PG_FUNCTION_ARGS) {
  using namespace threefactor::rights;
  const char* const name = text_to_cstring(PG_GETARG_TEXT_PP(0));
  text* const value = Find(Read(), name);
  if (value) PG_RETURN_TEXT_P(value);
  if (PG_GETARG_BOOL(1)) PG_RETURN_NULL();
  RaiseMissing(psprintf("\"%s\"", VariableName(name)));
}

// (names text[]) -> boolean: true, or an error that names all that are missing
Datum threefactor_require_claims(PG_FUNCTION_ARGS) {
  using namespace threefactor::rights;
  Datum* names = nullptr;
  bool* nulls = nullptr;
  int count = 0;
  deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
  const Claims claims = Read();
  StringInfoData missing;
  initStringInfo(&missing);
  for (int i = 0; i < count; i++) {
    const char* const name = nulls[i] ? "" : TextDatumGetCString(names[i]);
    if (!Find(claims, name)) appendStringInfo(&missing, "%s\"%s\"", missing.len ? ", " : "", VariableName(name));
  }
  if (missing.len) RaiseMissing(missing.data);
  PG_RETURN_BOOL(true);
}
